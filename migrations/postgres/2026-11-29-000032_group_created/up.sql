-- When the SCIM Group was made that a team was linked to by hand: it is older or younger than the team,
-- and the identity provider knows it by that date. NULL: the group is as old as the team.
ALTER TABLE teams ADD COLUMN group_created_at BIGINT;
