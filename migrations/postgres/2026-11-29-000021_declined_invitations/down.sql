DROP INDEX invitations_to_address;
ALTER TABLE invitations DROP COLUMN declined_at;
