ALTER TABLE sso_logins DROP COLUMN session_pk;
DROP TABLE session_proofs;
ALTER TABLE sessions DROP COLUMN proved_at;
