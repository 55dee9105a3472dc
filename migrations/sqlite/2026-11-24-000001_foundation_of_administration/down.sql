DROP TABLE idempotency_keys;
DROP TABLE audit_log;
DROP INDEX admin_tokens_id;
ALTER TABLE admin_tokens DROP COLUMN id;
ALTER TABLE admin_tokens DROP COLUMN name;
ALTER TABLE admin_tokens DROP COLUMN scopes;
ALTER TABLE admin_tokens DROP COLUMN last_used_at;
