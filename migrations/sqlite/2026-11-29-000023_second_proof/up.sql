-- When the person of a session last proved who they are, if they did so again after signing in.
ALTER TABLE sessions ADD COLUMN proved_at BIGINT;
-- Links in mails that prove it for one session.
CREATE TABLE session_proofs (
    hash BLOB PRIMARY KEY NOT NULL,
    session_pk BIGINT NOT NULL REFERENCES sessions (pk) ON DELETE CASCADE,
    return_to TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX session_proofs_of_session ON session_proofs (session_pk, created_at);
-- The session that a sign-in at an identity provider is to prove. No reference: it may end meanwhile.
ALTER TABLE sso_logins ADD COLUMN session_pk BIGINT;
