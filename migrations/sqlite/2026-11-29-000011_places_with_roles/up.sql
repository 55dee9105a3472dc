-- The role of one place in a team, or of one that an invitation leads to; NULL where it is the team's.
ALTER TABLE team_members ADD COLUMN role TEXT CHECK (role IN ('admin', 'member'));
ALTER TABLE invitation_teams ADD COLUMN role TEXT CHECK (role IN ('admin', 'member'));
