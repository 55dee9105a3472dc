-- Single sign-on, one connection for each verified domain (docs/domain.md §6).
CREATE TABLE sso_connections (
    pk INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    enterprise_pk BIGINT NOT NULL REFERENCES enterprises (pk) ON DELETE CASCADE,
    domain_pk BIGINT NOT NULL UNIQUE REFERENCES domains (pk) ON DELETE CASCADE,
    -- What users sign in with: verified by a sign-in that worked. NULL until then.
    settings TEXT,
    -- The client secret that goes with it, encrypted.
    secret BLOB,
    verified_at BIGINT,
    -- Users of the domain sign in by it and no other way.
    is_on BOOLEAN NOT NULL DEFAULT FALSE CHECK (NOT is_on OR settings IS NOT NULL),
    -- What was entered and has not been verified yet.
    draft TEXT,
    draft_secret BLOB,
    -- Which draft it is; each change counts one up.
    revision BIGINT NOT NULL,
    -- The link by which the draft is tried, as a hash.
    trial_hash BLOB UNIQUE,
    trial_expires_at BIGINT,
    -- Why the last sign-in did not work, for the administrator.
    last_failure TEXT,
    last_failure_at BIGINT,
    created_at BIGINT NOT NULL,
    CHECK ((settings IS NULL) = (verified_at IS NULL))
);
CREATE INDEX sso_connections_of_enterprise ON sso_connections (enterprise_pk, pk);

-- Sign-ins under way, until the identity provider's answer comes back.
CREATE TABLE sso_logins (
    pk INTEGER PRIMARY KEY,
    connection_pk BIGINT NOT NULL REFERENCES sso_connections (pk) ON DELETE CASCADE,
    -- Hash of what comes back: the state (OIDC), the id of the request (SAML).
    handle_hash BLOB NOT NULL UNIQUE,
    -- Hash of the secret in the cookie of the browser that began.
    browser_hash BLOB NOT NULL,
    -- The draft that is tried; NULL for a sign-in.
    revision BIGINT,
    return_to TEXT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX sso_logins_of_connection ON sso_logins (connection_pk);
CREATE INDEX sso_logins_age ON sso_logins (expires_at);

-- Assertions that were used, as long as they would be valid: none is taken twice.
CREATE TABLE sso_replays (
    connection_pk BIGINT NOT NULL REFERENCES sso_connections (pk) ON DELETE CASCADE,
    assertion_hash BLOB NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (connection_pk, assertion_hash)
) WITHOUT ROWID;
CREATE INDEX sso_replays_age ON sso_replays (expires_at);

-- Links to sign in by mail. A row is there for unknown addresses, too, so that both cost the same.
CREATE TABLE sign_in_links (
    pk INTEGER PRIMARY KEY,
    hash BLOB NOT NULL UNIQUE,
    email_key TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used BOOLEAN NOT NULL DEFAULT FALSE
);
CREATE INDEX sign_in_links_of_address ON sign_in_links (email_key, created_at);
CREATE INDEX sign_in_links_age ON sign_in_links (expires_at);

CREATE TABLE sessions (
    pk INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    hash BLOB NOT NULL UNIQUE,
    user_pk BIGINT NOT NULL REFERENCES users (pk) ON DELETE CASCADE,
    -- Whom the person acts as; NULL where they are a member of no account.
    member_pk BIGINT REFERENCES members (pk) ON DELETE CASCADE,
    signed_in_by TEXT NOT NULL CHECK (signed_in_by IN ('sso', 'mail')),
    created_at BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX sessions_of_user ON sessions (user_pk, pk);
CREATE INDEX sessions_of_member ON sessions (member_pk) WHERE member_pk IS NOT NULL;
CREATE INDEX sessions_age ON sessions (expires_at);

-- Who is deactivated, or becomes another person, is signed out.
CREATE TRIGGER sessions_of_deactivated AFTER UPDATE OF active, user_pk ON members
WHEN NOT NEW.active OR NEW.user_pk IS NOT OLD.user_pk BEGIN
    DELETE FROM sessions WHERE member_pk = NEW.pk;
END;

-- Whether single sign-on is configured is whether a connection is on.
CREATE TRIGGER sso_switched AFTER UPDATE OF is_on ON sso_connections WHEN NEW.is_on <> OLD.is_on BEGIN
    UPDATE enterprises SET sso_configured_at = NULL
    WHERE pk = NEW.enterprise_pk AND NOT EXISTS
        (SELECT 1 FROM sso_connections WHERE enterprise_pk = NEW.enterprise_pk AND is_on);
END;
CREATE TRIGGER sso_deleted AFTER DELETE ON sso_connections WHEN OLD.is_on BEGIN
    UPDATE enterprises SET sso_configured_at = NULL
    WHERE pk = OLD.enterprise_pk AND NOT EXISTS
        (SELECT 1 FROM sso_connections WHERE enterprise_pk = OLD.enterprise_pk AND is_on);
END;
