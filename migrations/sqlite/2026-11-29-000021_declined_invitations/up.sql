-- When the invited person declined. The state is `revoked` then, which the release before knows, too.
ALTER TABLE invitations ADD COLUMN declined_at BIGINT;
-- A person finds the invitations to their addresses in all accounts.
CREATE INDEX invitations_to_address ON invitations (email_key, pk) WHERE state = 'pending';
