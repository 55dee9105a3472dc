-- Who is who (docs/domain.md §0): a person is who has proved an address, a member carries the
-- addresses that its account says, and a claim is what joins the two.

-- The addresses that a person has proved. One person has proved an address.
CREATE TABLE user_addresses (
    email_key TEXT PRIMARY KEY NOT NULL,
    user_pk BIGINT NOT NULL REFERENCES users (pk) ON DELETE CASCADE,
    email TEXT NOT NULL,
    -- Canonical form of the address's domain.
    email_domain TEXT NOT NULL,
    -- By a link sent to it, by single sign-on of its domain, or before proofs were kept.
    proof TEXT NOT NULL CHECK (proof IN ('link', 'sso', 'record')),
    proved_at BIGINT NOT NULL
) WITHOUT ROWID;
CREATE INDEX user_addresses_of_user ON user_addresses (user_pk, email_key);
CREATE INDEX user_addresses_of_domain ON user_addresses (email_domain, user_pk);

-- Links that prove one more address of a person who is signed in.
CREATE TABLE user_address_links (
    hash BLOB PRIMARY KEY NOT NULL,
    user_pk BIGINT NOT NULL REFERENCES users (pk) ON DELETE CASCADE,
    email TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
) WITHOUT ROWID;
CREATE INDEX user_address_links_of_user ON user_address_links (user_pk, created_at);
CREATE INDEX user_address_links_age ON user_address_links (expires_at);

-- Which person a member is. A member without a claim is in no session.
CREATE TABLE claims (
    member_pk BIGINT PRIMARY KEY NOT NULL REFERENCES members (pk) ON DELETE CASCADE,
    enterprise_pk BIGINT NOT NULL REFERENCES enterprises (pk) ON DELETE CASCADE,
    user_pk BIGINT NOT NULL REFERENCES users (pk) ON DELETE CASCADE,
    -- Through what of the account the person came, or that they said yes.
    basis TEXT NOT NULL CHECK (basis IN
        ('invitation', 'sso', 'domain', 'consent', 'recovery', 'record')),
    claimed_at BIGINT NOT NULL
) WITHOUT ROWID;
-- A person is one member of an account.
CREATE UNIQUE INDEX claims_of_user ON claims (user_pk, enterprise_pk);
CREATE INDEX claims_of_enterprise ON claims (enterprise_pk);

-- Members that a person does not want to be.
CREATE TABLE declined_members (
    user_pk BIGINT NOT NULL REFERENCES users (pk) ON DELETE CASCADE,
    member_pk BIGINT NOT NULL REFERENCES members (pk) ON DELETE CASCADE,
    declined_at BIGINT NOT NULL,
    PRIMARY KEY (user_pk, member_pk)
) WITHOUT ROWID;
CREATE INDEX declined_members_of_member ON declined_members (member_pk);

-- What an identity provider calls a member, by its own name, and another name that came with the same
-- address and waits for an administrator.
CREATE TABLE sso_identities (
    member_pk BIGINT NOT NULL REFERENCES members (pk) ON DELETE CASCADE,
    connection_pk BIGINT NOT NULL REFERENCES sso_connections (pk) ON DELETE CASCADE,
    issuer TEXT,
    subject TEXT,
    noted_at BIGINT NOT NULL,
    asked_issuer TEXT,
    asked_subject TEXT,
    asked_at BIGINT,
    PRIMARY KEY (member_pk, connection_pk),
    CHECK ((issuer IS NULL) = (subject IS NULL)),
    CHECK ((asked_issuer IS NULL) = (asked_subject IS NULL)),
    CHECK ((asked_issuer IS NULL) = (asked_at IS NULL))
) WITHOUT ROWID;
CREATE UNIQUE INDEX sso_identities_subject ON sso_identities (connection_pk, issuer, subject);

-- Ids of people who were known by an account's word only. Who proves the address has the id again.
CREATE TABLE user_ids_before_proof (
    email_key TEXT PRIMARY KEY NOT NULL,
    id TEXT NOT NULL UNIQUE,
    created_at BIGINT NOT NULL
) WITHOUT ROWID;

-- The address that a member is written to and shown with; NULL where it has none.
ALTER TABLE members ADD COLUMN email TEXT;
UPDATE members SET email = (SELECT email FROM users WHERE users.pk = members.user_pk)
WHERE user_pk IS NOT NULL;

-- Looked up by the address in one account, and in all of them by who signs in. What is the user name
-- only is no e-mail address of the SCIM resource.
CREATE TABLE addressed_members (
    enterprise_pk BIGINT NOT NULL,
    email_key TEXT NOT NULL,
    member_pk BIGINT NOT NULL REFERENCES members (pk) ON DELETE CASCADE,
    is_email BOOLEAN NOT NULL DEFAULT TRUE,
    PRIMARY KEY (email_key, enterprise_pk, member_pk)
) WITHOUT ROWID;
INSERT INTO addressed_members (enterprise_pk, email_key, member_pk)
    SELECT enterprise_pk, email_key, member_pk FROM member_emails;
DROP TABLE member_emails;
ALTER TABLE addressed_members RENAME TO member_emails;
CREATE INDEX member_emails_of_member ON member_emails (member_pk);
INSERT INTO member_emails (enterprise_pk, email_key, member_pk, is_email)
    SELECT enterprise_pk, user_name_key, pk, FALSE FROM members
    WHERE user_name_key LIKE '%_@_%' AND NOT EXISTS (
        SELECT 1 FROM member_emails
        WHERE member_emails.member_pk = members.pk AND email_key = user_name_key
    );

-- Who becomes another person is signed out by the end of the claim.
DROP TRIGGER sessions_of_deactivated;

-- People with a proof on record: they signed up by a link, or have signed in, or have accepted an
-- invitation by its link, with the address that they have now.
CREATE TEMPORARY TABLE proved AS
SELECT users.pk AS user_pk FROM users
WHERE users.signed_up_at IS NOT NULL
    OR EXISTS (SELECT 1 FROM sessions WHERE sessions.user_pk = users.pk)
    OR EXISTS (
        SELECT 1 FROM members JOIN audit_log ON audit_log.enterprise_pk = members.enterprise_pk
            AND audit_log.target_id = members.id
        WHERE members.user_pk = users.pk AND audit_log.target_kind = 'member'
            AND audit_log.action IN ('session.started', 'member.joined')
            AND audit_log.target_name = users.email
    );
INSERT INTO user_addresses (email_key, user_pk, email, email_domain, proof, proved_at)
SELECT email_key, pk, email, COALESCE(email_domain, ''), 'record', COALESCE(signed_up_at, created_at)
FROM users WHERE pk IN (SELECT user_pk FROM proved);
-- They stay the members as which they were in a session or came by a link, and those of the account
-- that has verified the domain of their address. Of the others they are asked.
INSERT INTO claims (member_pk, enterprise_pk, user_pk, basis, claimed_at)
SELECT members.pk, members.enterprise_pk, members.user_pk, 'record', members.created_at
FROM members JOIN users ON users.pk = members.user_pk
WHERE members.user_pk IN (SELECT user_pk FROM proved) AND (
    EXISTS (
        SELECT 1 FROM sessions
        WHERE sessions.member_pk = members.pk AND sessions.user_pk = members.user_pk
    )
    OR EXISTS (
        SELECT 1 FROM audit_log
        WHERE audit_log.enterprise_pk = members.enterprise_pk AND audit_log.target_id = members.id
            AND audit_log.target_kind = 'member'
            AND audit_log.action IN ('session.started', 'member.joined', 'member.captured')
            AND audit_log.target_name = users.email
    )
    OR EXISTS (
        SELECT 1 FROM domains
        WHERE domains.enterprise_pk = members.enterprise_pk AND domains.verified_at IS NOT NULL
            AND domains.name = users.email_domain
    )
);
UPDATE members SET user_pk = NULL WHERE user_pk IS NOT NULL;
INSERT INTO user_ids_before_proof (email_key, id, created_at)
SELECT email_key, id, created_at FROM users WHERE pk NOT IN (SELECT user_pk FROM proved);
DELETE FROM users WHERE pk NOT IN (SELECT user_pk FROM proved);
DROP TABLE proved;

CREATE TABLE person_sessions (
    pk INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    hash BLOB NOT NULL UNIQUE,
    user_pk BIGINT NOT NULL REFERENCES users (pk) ON DELETE CASCADE,
    -- Whom the person acts as; NULL where they have not chosen, or are a member of no account.
    member_pk BIGINT REFERENCES members (pk) ON DELETE CASCADE,
    signed_in_by TEXT NOT NULL CHECK (signed_in_by IN ('sso', 'mail', 'recovery')),
    -- The address that the sign-in showed.
    email_key TEXT NOT NULL DEFAULT '',
    -- The only account in which it acts: the one whose single sign-on opened it.
    confined_to BIGINT REFERENCES enterprises (pk) ON DELETE CASCADE,
    created_at BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
INSERT INTO person_sessions (pk, id, hash, user_pk, member_pk, signed_in_by, email_key, confined_to,
    created_at, last_seen_at, expires_at)
SELECT sessions.pk, sessions.id, hash, sessions.user_pk, member_pk, signed_in_by, users.email_key,
    CASE WHEN signed_in_by = 'sso' THEN members.enterprise_pk END, sessions.created_at, last_seen_at,
    expires_at
FROM sessions JOIN users ON users.pk = sessions.user_pk
    LEFT JOIN members ON members.pk = sessions.member_pk
WHERE signed_in_by = 'mail' OR members.pk IS NOT NULL;
DROP TABLE sessions;
ALTER TABLE person_sessions RENAME TO sessions;
CREATE INDEX sessions_of_user ON sessions (user_pk, pk);
CREATE INDEX sessions_of_member ON sessions (member_pk) WHERE member_pk IS NOT NULL;
CREATE INDEX sessions_age ON sessions (expires_at);

CREATE TRIGGER credentials_of_deactivated AFTER UPDATE OF active ON members
WHEN OLD.active AND NOT NEW.active BEGIN
    DELETE FROM sessions WHERE member_pk = NEW.pk;
    DELETE FROM admin_tokens WHERE member_pk = NEW.pk;
END;
CREATE TRIGGER credentials_of_claim AFTER DELETE ON claims BEGIN
    DELETE FROM sessions WHERE member_pk = OLD.member_pk;
    DELETE FROM admin_tokens WHERE member_pk = OLD.member_pk;
END;
-- A member that a node of the release before makes.
CREATE TRIGGER members_of_the_release_before AFTER INSERT ON members WHEN NEW.user_pk IS NOT NULL BEGIN
    UPDATE members SET email = (SELECT email FROM users WHERE pk = NEW.user_pk) WHERE pk = NEW.pk;
END;

-- The address that a link to sign in was sent to, as it was given; its key was kept alone.
ALTER TABLE sign_in_links ADD COLUMN email TEXT NOT NULL DEFAULT '';
UPDATE sign_in_links SET email = email_key;
