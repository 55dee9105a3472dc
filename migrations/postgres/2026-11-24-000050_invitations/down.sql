DROP INDEX organizations_invite_rule;
ALTER TABLE organizations DROP COLUMN invite_domains;
ALTER TABLE organizations DROP COLUMN invite_rule;
ALTER TABLE enterprises ADD COLUMN invite_control TEXT NOT NULL DEFAULT 'all_domains'
    CHECK (invite_control IN ('all_domains', 'verified_domains', 'off'));
-- A list of domains has no place there; nobody is let in whom it kept out.
UPDATE enterprises
    SET invite_control = CASE invite_rule WHEN 'custom_domains' THEN 'off' ELSE invite_rule END;
ALTER TABLE enterprises DROP COLUMN invite_domains;
ALTER TABLE enterprises DROP COLUMN invite_rule;
DROP INDEX invitation_teams_of_team;
DROP INDEX invitation_organizations_of_organization;
DROP TABLE invitation_tokens;
DROP INDEX invitations_reminders;
ALTER TABLE invitations DROP COLUMN remind_at;
ALTER TABLE invitations DROP COLUMN inviter_name;
ALTER TABLE invitations DROP COLUMN inviter_id;
