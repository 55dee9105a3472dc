-- Vaults of the desktop app: what proves the key of a vault without knowing it (SRP).
CREATE TABLE vaults (
    user_pk BIGINT PRIMARY KEY NOT NULL REFERENCES users (pk) ON DELETE CASCADE,
    salt TEXT NOT NULL,
    verifier TEXT NOT NULL,
    set_at BIGINT NOT NULL,
    -- The account whose single sign-on set it; NULL where the person's own proof did.
    set_through BIGINT
);
-- Proofs that have begun. Each is for one try, within a few minutes.
CREATE TABLE vault_proofs (
    id TEXT PRIMARY KEY NOT NULL,
    user_pk BIGINT NOT NULL REFERENCES users (pk) ON DELETE CASCADE,
    client_public TEXT NOT NULL,
    server_public TEXT NOT NULL,
    -- The server's secret exponent, sealed.
    secret BYTEA NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX vault_proofs_of_user ON vault_proofs (user_pk);
CREATE INDEX vault_proofs_age ON vault_proofs (expires_at);
