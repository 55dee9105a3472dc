ALTER TABLE own_accounts DROP COLUMN made_through;
DROP TABLE app_keys;
