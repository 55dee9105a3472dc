-- The role in the account that the invited person gets; NULL for that of a member.
ALTER TABLE invitations ADD COLUMN account_role TEXT CHECK (account_role IN ('co-owner'));
