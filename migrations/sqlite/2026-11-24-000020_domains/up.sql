-- The domains that accounts have added. A name can wait in several of them, and be verified in one.
CREATE TABLE added_domains (
    pk INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    enterprise_pk BIGINT NOT NULL REFERENCES enterprises (pk) ON DELETE CASCADE,
    -- Canonical form.
    name TEXT NOT NULL,
    -- What the TXT record has to say. Everybody can read it in DNS: it is no secret.
    challenge TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    -- When DNS was asked last, and what came of it.
    checked_at BIGINT,
    check_result TEXT CHECK (check_result IN
        ('verified', 'wrong_record', 'no_record', 'no_such_name', 'server_failure', 'timeout')),
    -- NULL while it waits.
    verified_at BIGINT,
    method TEXT CHECK (method IN ('unique_record', 'root_record', 'operator')),
    -- New sign-ups with an address in the domain join the account.
    capture BOOLEAN NOT NULL DEFAULT FALSE,
    -- Who has an address in the domain and is not invited gets no access.
    locked BOOLEAN NOT NULL DEFAULT FALSE,
    CHECK ((verified_at IS NULL) = (method IS NULL)),
    CHECK ((checked_at IS NULL) = (check_result IS NULL)),
    CHECK (verified_at IS NOT NULL OR NOT (capture OR locked))
);
INSERT INTO added_domains (pk, id, enterprise_pk, name, challenge, created_at, verified_at, method)
    SELECT pk, 'dom_' || lower(hex(randomblob(16))), enterprise_pk, name,
        'insomnia-verification=' || lower(hex(randomblob(32))), verified_at, verified_at, 'operator'
    FROM domains;
DROP TABLE domains;
ALTER TABLE added_domains RENAME TO domains;
CREATE UNIQUE INDEX domains_verified ON domains (name) WHERE verified_at IS NOT NULL;
CREATE UNIQUE INDEX domains_name ON domains (enterprise_pk, name);
CREATE UNIQUE INDEX domains_order ON domains (enterprise_pk, pk);

-- The domain of the address in canonical form, for the list of a domain's unclaimed accounts.
ALTER TABLE users ADD COLUMN email_domain TEXT;
UPDATE users SET email_domain = substr(email_key, length(rtrim(email_key, replace(email_key, '@', ''))) + 1);
CREATE INDEX users_of_domain ON users (email_domain, pk);
-- Who has signed up is known whether or not any account has them.
ALTER TABLE users ADD COLUMN signed_up_at BIGINT;
ALTER TABLE users ADD COLUMN name TEXT;

-- Sign-ups whose address has not been confirmed.
CREATE TABLE sign_ups (
    pk INTEGER PRIMARY KEY,
    email TEXT NOT NULL,
    email_key TEXT NOT NULL,
    given_name TEXT,
    family_name TEXT,
    -- Of the token in the link; goes with its use.
    hash BLOB NOT NULL UNIQUE,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX sign_ups_of_address ON sign_ups (email_key, created_at);
CREATE INDEX sign_ups_age ON sign_ups (expires_at);
