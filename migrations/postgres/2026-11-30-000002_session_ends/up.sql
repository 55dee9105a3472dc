-- Why sessions ended, for who still shows their secret. A row is kept for a while after the time at
-- which the session would have ended by itself.
CREATE TABLE session_ends (
    hash BYTEA PRIMARY KEY NOT NULL,
    -- The account whose member it was; NULL if it was of none. No reference: the account can go, too.
    enterprise_pk BIGINT,
    why TEXT NOT NULL CHECK (why IN ('deactivated', 'removed', 'claim-ended', 'ended')),
    expires_at BIGINT NOT NULL
);
CREATE INDEX session_ends_age ON session_ends (expires_at);

-- Before the member goes, because its sessions go with it.
CREATE FUNCTION session_ends_of_removed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO session_ends (hash, enterprise_pk, why, expires_at)
    SELECT hash, OLD.enterprise_pk, 'removed', expires_at FROM sessions WHERE member_pk = OLD.pk
    ON CONFLICT DO NOTHING;
    RETURN OLD;
END;
$$;
CREATE TRIGGER session_ends_of_removed BEFORE DELETE ON members FOR EACH ROW
    EXECUTE FUNCTION session_ends_of_removed();
-- Of sessions that a deactivation or the end of a claim has ended, and of all others.
CREATE FUNCTION session_ends_of_session() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO session_ends (hash, enterprise_pk, why, expires_at)
    SELECT OLD.hash, members.enterprise_pk, 'deactivated', OLD.expires_at
    FROM members WHERE members.pk = OLD.member_pk AND NOT members.active
    ON CONFLICT DO NOTHING;
    INSERT INTO session_ends (hash, enterprise_pk, why, expires_at)
    SELECT OLD.hash, members.enterprise_pk, 'claim-ended', OLD.expires_at
    FROM members WHERE members.pk = OLD.member_pk AND NOT EXISTS (
        SELECT 1 FROM claims
        WHERE claims.member_pk = OLD.member_pk AND claims.user_pk = OLD.user_pk
    )
    ON CONFLICT DO NOTHING;
    INSERT INTO session_ends (hash, enterprise_pk, why, expires_at)
    VALUES (OLD.hash, OLD.confined_to, 'ended', OLD.expires_at)
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END;
$$;
CREATE TRIGGER session_ends_of_session AFTER DELETE ON sessions FOR EACH ROW
    EXECUTE FUNCTION session_ends_of_session();
