DROP INDEX invitations_pending_address;
DROP TABLE own_accounts;
