-- Who is who (docs/domain.md §0): a person is who has proved an address, a member carries the
-- addresses that its account says, and a claim is what joins the two.

-- The addresses that a person has proved. One person has proved an address.
CREATE TABLE user_addresses (
    email_key TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    user_pk BIGINT NOT NULL REFERENCES users (pk) ON DELETE CASCADE,
    email TEXT NOT NULL,
    -- Canonical form of the address's domain.
    email_domain TEXT COLLATE "C" NOT NULL,
    -- By a link sent to it, by single sign-on of its domain, or before proofs were kept.
    proof TEXT NOT NULL CHECK (proof IN ('link', 'sso', 'record')),
    proved_at BIGINT NOT NULL
);
CREATE INDEX user_addresses_of_user ON user_addresses (user_pk, email_key);
CREATE INDEX user_addresses_of_domain ON user_addresses (email_domain, user_pk);

-- Links that prove one more address of a person who is signed in.
CREATE TABLE user_address_links (
    hash BYTEA PRIMARY KEY NOT NULL,
    user_pk BIGINT NOT NULL REFERENCES users (pk) ON DELETE CASCADE,
    email TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
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
);
-- A person is one member of an account.
CREATE UNIQUE INDEX claims_of_user ON claims (user_pk, enterprise_pk);
CREATE INDEX claims_of_enterprise ON claims (enterprise_pk);

-- Members that a person does not want to be.
CREATE TABLE declined_members (
    user_pk BIGINT NOT NULL REFERENCES users (pk) ON DELETE CASCADE,
    member_pk BIGINT NOT NULL REFERENCES members (pk) ON DELETE CASCADE,
    declined_at BIGINT NOT NULL,
    PRIMARY KEY (user_pk, member_pk)
);
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
);
CREATE UNIQUE INDEX sso_identities_subject ON sso_identities (connection_pk, issuer, subject);

-- Ids of people who were known by an account's word only. Who proves the address has the id again.
CREATE TABLE user_ids_before_proof (
    email_key TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    id TEXT NOT NULL UNIQUE,
    created_at BIGINT NOT NULL
);

-- The address that a member is written to and shown with; NULL where it has none.
ALTER TABLE members ADD COLUMN email TEXT;
UPDATE members SET email = (SELECT email FROM users WHERE users.pk = members.user_pk)
WHERE user_pk IS NOT NULL;

-- Looked up by the address in one account, and in all of them by who signs in. What is the user name
-- only is no e-mail address of the SCIM resource.
ALTER TABLE member_emails ADD COLUMN is_email BOOLEAN NOT NULL DEFAULT TRUE;
ALTER TABLE member_emails DROP CONSTRAINT member_emails_pkey;
ALTER TABLE member_emails ADD PRIMARY KEY (email_key, enterprise_pk, member_pk);
INSERT INTO member_emails (enterprise_pk, email_key, member_pk, is_email)
    SELECT enterprise_pk, user_name_key, pk, FALSE FROM members
    WHERE user_name_key LIKE '%_@_%' AND NOT EXISTS (
        SELECT 1 FROM member_emails
        WHERE member_emails.member_pk = members.pk AND email_key = user_name_key
    );

-- Who becomes another person is signed out by the end of the claim.
DROP TRIGGER sessions_of_deactivated ON members;
DROP FUNCTION sessions_of_deactivated();

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

CREATE FUNCTION credentials_of_deactivated() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM sessions WHERE member_pk = NEW.pk;
    DELETE FROM admin_tokens WHERE member_pk = NEW.pk;
    RETURN NULL;
END;
$$;
CREATE TRIGGER credentials_of_deactivated AFTER UPDATE OF active ON members FOR EACH ROW
    WHEN (OLD.active AND NOT NEW.active) EXECUTE FUNCTION credentials_of_deactivated();
CREATE FUNCTION credentials_of_claim() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM sessions WHERE member_pk = OLD.member_pk;
    DELETE FROM admin_tokens WHERE member_pk = OLD.member_pk;
    RETURN NULL;
END;
$$;
CREATE TRIGGER credentials_of_claim AFTER DELETE ON claims FOR EACH ROW
    EXECUTE FUNCTION credentials_of_claim();
-- A member that a node of the release before makes.
CREATE FUNCTION members_of_the_release_before() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE members SET email = (SELECT email FROM users WHERE pk = NEW.user_pk) WHERE pk = NEW.pk;
    RETURN NULL;
END;
$$;
CREATE TRIGGER members_of_the_release_before AFTER INSERT ON members FOR EACH ROW
    WHEN (NEW.user_pk IS NOT NULL) EXECUTE FUNCTION members_of_the_release_before();

-- Whom a session acts as is NULL, too, where the person has not chosen an account.
ALTER TABLE sessions DROP CONSTRAINT sessions_signed_in_by_check;
ALTER TABLE sessions ADD CONSTRAINT sessions_signed_in_by_check
    CHECK (signed_in_by IN ('sso', 'mail', 'recovery'));
-- The address that the sign-in showed.
ALTER TABLE sessions ADD COLUMN email_key TEXT COLLATE "C" NOT NULL DEFAULT '';
-- The only account in which it acts: the one whose single sign-on opened it.
ALTER TABLE sessions ADD COLUMN confined_to BIGINT REFERENCES enterprises (pk) ON DELETE CASCADE;
UPDATE sessions SET
    email_key = (SELECT users.email_key FROM users WHERE users.pk = sessions.user_pk),
    confined_to = (
        SELECT members.enterprise_pk FROM members
        WHERE members.pk = sessions.member_pk AND sessions.signed_in_by = 'sso'
    );
DELETE FROM sessions WHERE signed_in_by = 'sso' AND member_pk IS NULL;

-- The address that a link to sign in was sent to, as it was given; its key was kept alone.
ALTER TABLE sign_in_links ADD COLUMN email TEXT NOT NULL DEFAULT '';
UPDATE sign_in_links SET email = email_key;
