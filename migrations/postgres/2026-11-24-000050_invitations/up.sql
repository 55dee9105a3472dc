-- Who invited, kept as it was then; and when the one reminder is due, NULL once it is sent.
ALTER TABLE invitations ADD COLUMN inviter_id TEXT;
ALTER TABLE invitations ADD COLUMN inviter_name TEXT;
ALTER TABLE invitations ADD COLUMN remind_at BIGINT;
CREATE INDEX invitations_reminders ON invitations (remind_at, enterprise_pk)
    WHERE state = 'pending' AND remind_at IS NOT NULL;

-- Secrets of the links in invitation mails. An invitation has one for each mail, so that the link
-- of the first mail still works after the reminder.
CREATE TABLE invitation_tokens (
    hash BYTEA PRIMARY KEY NOT NULL,
    invitation_pk BIGINT NOT NULL REFERENCES invitations (pk) ON DELETE CASCADE,
    created_at BIGINT NOT NULL
);
CREATE INDEX invitation_tokens_of_invitation ON invitation_tokens (invitation_pk);
CREATE INDEX invitation_organizations_of_organization
    ON invitation_organizations (organization_pk, invitation_pk);
CREATE INDEX invitation_teams_of_team ON invitation_teams (team_pk, invitation_pk);

-- Invite control: of the account, and of an organization that differs from it. Domains are in
-- canonical form, blank between them; there are some only where the rule is custom_domains.
ALTER TABLE enterprises ADD COLUMN invite_rule TEXT NOT NULL DEFAULT 'all_domains'
    CHECK (invite_rule IN ('all_domains', 'verified_domains', 'custom_domains', 'off'));
ALTER TABLE enterprises ADD COLUMN invite_domains TEXT NOT NULL DEFAULT '';
UPDATE enterprises SET invite_rule = invite_control;
ALTER TABLE enterprises DROP COLUMN invite_control;
-- NULL: the account's rule.
ALTER TABLE organizations ADD COLUMN invite_rule TEXT
    CHECK (invite_rule IN ('all_domains', 'verified_domains', 'custom_domains', 'off'));
ALTER TABLE organizations ADD COLUMN invite_domains TEXT NOT NULL DEFAULT '';
CREATE INDEX organizations_invite_rule ON organizations (enterprise_pk, pk)
    WHERE invite_rule IS NOT NULL;
