-- Mail, waiting and settled. Written in the transaction that causes it.
CREATE TABLE mails (
    pk INTEGER PRIMARY KEY,
    -- NULL: a mail to somebody without an account.
    enterprise_pk BIGINT REFERENCES enterprises (pk) ON DELETE CASCADE,
    -- The account, or 0 for none: mail is sent in turn, one from each lane.
    lane BIGINT NOT NULL,
    recipient TEXT NOT NULL,
    subject TEXT NOT NULL,
    -- Text and HTML may hold links that let people in: emptied once the mail is settled.
    body TEXT NOT NULL,
    html TEXT,
    -- Without its domain; the same at every attempt.
    message_id TEXT NOT NULL UNIQUE,
    created_at BIGINT NOT NULL,
    attempts BIGINT NOT NULL DEFAULT 0,
    -- When it may be tried; while it is being tried, when others may; NULL once it is settled.
    next_attempt_at BIGINT,
    -- The attempt that is under way.
    claimed_by TEXT,
    sent_at BIGINT,
    failed_at BIGINT,
    last_error TEXT,
    CHECK (lane = COALESCE(enterprise_pk, 0)),
    CHECK (sent_at IS NULL OR failed_at IS NULL),
    CHECK ((next_attempt_at IS NULL) = (sent_at IS NOT NULL OR failed_at IS NOT NULL))
);
CREATE INDEX mails_due ON mails (lane, next_attempt_at, pk) WHERE next_attempt_at IS NOT NULL;
CREATE INDEX mails_order ON mails (lane, pk);
CREATE INDEX mails_waiting ON mails (created_at) WHERE next_attempt_at IS NOT NULL;
CREATE INDEX mails_failed ON mails (failed_at) WHERE failed_at IS NOT NULL;
CREATE INDEX mails_age ON mails (created_at);

-- The table that nodes of the release before write to: what they write moves on at once.
CREATE TRIGGER outbox_moves AFTER INSERT ON outbox BEGIN
    INSERT INTO mails (enterprise_pk, lane, recipient, subject, body, message_id, created_at, next_attempt_at)
    VALUES (NEW.enterprise_pk, NEW.enterprise_pk, NEW.recipient, NEW.subject, NEW.body,
        lower(hex(randomblob(16))), NEW.created_at, NEW.created_at);
    DELETE FROM outbox WHERE pk = NEW.pk;
END;
INSERT INTO mails (enterprise_pk, lane, recipient, subject, body, message_id, created_at, next_attempt_at, sent_at)
    SELECT enterprise_pk, enterprise_pk, recipient, subject, CASE WHEN sent_at IS NULL THEN body ELSE '' END,
        lower(hex(randomblob(16))), created_at, CASE WHEN sent_at IS NULL THEN created_at END, sent_at
    FROM outbox ORDER BY pk;
DELETE FROM outbox;

-- The server's recurring work: which is due, and which node does it.
CREATE TABLE jobs (
    name TEXT PRIMARY KEY NOT NULL,
    due_at BIGINT NOT NULL,
    held_by TEXT,
    -- When others may take it over.
    held_until BIGINT,
    succeeded_at BIGINT,
    last_error TEXT
) WITHOUT ROWID;

-- The accounts in which something has expired are found without looking at the others.
CREATE INDEX invitations_due ON invitations (expires_at) WHERE state = 'pending';
