ALTER TABLE sso_connections DROP COLUMN own_callback;
