ALTER TABLE invitation_teams DROP COLUMN role;
ALTER TABLE team_members DROP COLUMN role;
