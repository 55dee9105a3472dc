DROP TABLE sign_ups;
ALTER TABLE users DROP COLUMN name;
ALTER TABLE users DROP COLUMN signed_up_at;
DROP INDEX users_of_domain;
ALTER TABLE users DROP COLUMN email_domain;
CREATE TABLE verified_domains (
    pk INTEGER PRIMARY KEY,
    enterprise_pk BIGINT NOT NULL REFERENCES enterprises (pk) ON DELETE CASCADE,
    name TEXT NOT NULL UNIQUE,
    verified_at BIGINT NOT NULL
);
INSERT INTO verified_domains SELECT pk, enterprise_pk, name, verified_at FROM domains WHERE verified_at IS NOT NULL;
DROP TABLE domains;
ALTER TABLE verified_domains RENAME TO domains;
CREATE INDEX domains_of_enterprise ON domains (enterprise_pk);
