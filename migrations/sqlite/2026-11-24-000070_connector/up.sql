ALTER TABLE connector_tokens ADD COLUMN id TEXT;
UPDATE connector_tokens SET id = 'stok_' || lower(hex(randomblob(16)));
CREATE UNIQUE INDEX connector_tokens_id ON connector_tokens (id);
ALTER TABLE connector_tokens ADD COLUMN label TEXT NOT NULL DEFAULT '';
-- What was chosen; `expires_at` may come earlier, once the token is superseded or revoked.
ALTER TABLE connector_tokens ADD COLUMN expiry TEXT NOT NULL DEFAULT 'never'
    CHECK (expiry IN ('30_days', '90_days', '180_days', '1_year', '2_years', 'never'));
ALTER TABLE connector_tokens ADD COLUMN created_by TEXT NOT NULL DEFAULT 'operator';
-- When a newer token took its place, or it was ended: it is not the connector's token any more.
ALTER TABLE connector_tokens ADD COLUMN superseded_at BIGINT;
ALTER TABLE connector_tokens ADD COLUMN last_used_at BIGINT;
-- The latest warning: days that were left, 0 for that it has expired.
ALTER TABLE connector_tokens ADD COLUMN warned_days BIGINT;
-- Tokens that somebody has to be warned of, by when they end.
CREATE INDEX connector_tokens_due ON connector_tokens (expires_at, pk)
    WHERE expires_at IS NOT NULL AND superseded_at IS NULL AND (warned_days IS NULL OR warned_days > 0);

-- When the identity provider last asked for something, to the minute.
ALTER TABLE connectors ADD COLUMN last_request_at BIGINT;
-- Whether the request log keeps personal values; if not it masks them.
ALTER TABLE connectors ADD COLUMN log_personal_values BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE connectors ADD COLUMN log_days BIGINT NOT NULL DEFAULT 30 CHECK (log_days BETWEEN 1 AND 365);

CREATE TABLE oauth_clients (
    pk INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    connector_pk BIGINT NOT NULL REFERENCES connectors (pk) ON DELETE CASCADE,
    name TEXT NOT NULL,
    -- One a line; compared letter by letter.
    redirect_uris TEXT NOT NULL,
    -- Blank between them.
    grant_types TEXT NOT NULL,
    secret_hash BLOB NOT NULL,
    -- The secret before the last rotation, and until when it is still good.
    former_secret_hash BLOB,
    former_secret_until BIGINT,
    created_at BIGINT NOT NULL,
    created_by TEXT NOT NULL,
    revoked_at BIGINT
);
CREATE INDEX oauth_clients_of_connector ON oauth_clients (connector_pk, pk);

CREATE TABLE oauth_codes (
    pk INTEGER PRIMARY KEY,
    hash BLOB NOT NULL UNIQUE,
    client_pk BIGINT NOT NULL REFERENCES oauth_clients (pk) ON DELETE CASCADE,
    redirect_uri TEXT NOT NULL,
    -- SHA-256 of the client's verifier, base64url, if it sent one.
    challenge TEXT,
    -- What tokens made from it belong to, so that they can end together.
    family TEXT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT
);
CREATE INDEX oauth_codes_of_client ON oauth_codes (client_pk);

CREATE TABLE oauth_tokens (
    pk INTEGER PRIMARY KEY,
    hash BLOB NOT NULL UNIQUE,
    client_pk BIGINT NOT NULL REFERENCES oauth_clients (pk) ON DELETE CASCADE,
    kind TEXT NOT NULL CHECK (kind IN ('access', 'refresh')),
    family TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    -- When a refresh token was exchanged: using it once more ends the family.
    used_at BIGINT,
    last_used_at BIGINT
);
CREATE INDEX oauth_tokens_family ON oauth_tokens (family);
CREATE INDEX oauth_tokens_of_client ON oauth_tokens (client_pk);

-- What identity providers asked for. Written behind the answers, in batches; not part of what an
-- answer promises.
CREATE TABLE scim_requests (
    pk INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    enterprise_pk BIGINT NOT NULL REFERENCES enterprises (pk) ON DELETE CASCADE,
    at BIGINT NOT NULL,
    idp TEXT NOT NULL,
    method TEXT NOT NULL,
    path TEXT NOT NULL,
    query TEXT NOT NULL,
    status BIGINT NOT NULL,
    duration_us BIGINT NOT NULL,
    -- The resource that it was about.
    resource_id TEXT,
    error_detail TEXT,
    request_id TEXT,
    user_agent TEXT NOT NULL,
    request_bytes BIGINT NOT NULL,
    response_bytes BIGINT NOT NULL,
    request_body TEXT,
    response_body TEXT
);
CREATE INDEX scim_requests_order ON scim_requests (enterprise_pk, at, pk);
CREATE INDEX scim_requests_resource ON scim_requests (enterprise_pk, resource_id, at, pk);
