-- Who changed what, and when. Rows are only ever added.
CREATE TABLE audit_log (
    pk INTEGER PRIMARY KEY,
    enterprise_pk BIGINT NOT NULL REFERENCES enterprises (pk),
    at BIGINT NOT NULL,
    actor_kind TEXT NOT NULL CHECK (actor_kind IN
        ('member', 'person', 'identity_provider', 'operator', 'billing', 'system')),
    -- What stays of the actor after it is gone: its id and its name then.
    actor_id TEXT NOT NULL,
    actor_name TEXT NOT NULL,
    action TEXT NOT NULL,
    target_kind TEXT NOT NULL,
    target_id TEXT NOT NULL,
    target_name TEXT NOT NULL,
    -- What the change changed, as JSON: how it was, and how it is.
    before TEXT NOT NULL,
    after TEXT NOT NULL,
    request_id TEXT
);
CREATE INDEX audit_log_order ON audit_log (enterprise_pk, at, pk);
CREATE INDEX audit_log_target ON audit_log (enterprise_pk, target_id, pk);
CREATE TRIGGER audit_log_is_not_changed BEFORE UPDATE ON audit_log BEGIN
    SELECT RAISE(ABORT, 'the audit log is append-only');
END;
CREATE TRIGGER audit_log_is_not_deleted BEFORE DELETE ON audit_log BEGIN
    SELECT RAISE(ABORT, 'the audit log is append-only');
END;

-- Answers to creating calls, so that the same call sent again creates nothing again.
CREATE TABLE idempotency_keys (
    enterprise_pk BIGINT NOT NULL REFERENCES enterprises (pk) ON DELETE CASCADE,
    member_pk BIGINT NOT NULL REFERENCES members (pk) ON DELETE CASCADE,
    idempotency_key TEXT NOT NULL,
    -- Hash of method, path and body.
    request BLOB NOT NULL,
    status INTEGER NOT NULL,
    -- The answer; none where it held a secret.
    body TEXT,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (enterprise_pk, member_pk, idempotency_key)
) WITHOUT ROWID;
CREATE INDEX idempotency_keys_age ON idempotency_keys (created_at);

ALTER TABLE admin_tokens ADD COLUMN id TEXT;
UPDATE admin_tokens SET id = 'tok_' || lower(hex(randomblob(16)));
CREATE UNIQUE INDEX admin_tokens_id ON admin_tokens (id);
ALTER TABLE admin_tokens ADD COLUMN name TEXT NOT NULL DEFAULT 'bootstrap';
-- Words of permissions, blank between them; none means all that its member may do.
ALTER TABLE admin_tokens ADD COLUMN scopes TEXT;
ALTER TABLE admin_tokens ADD COLUMN last_used_at BIGINT;
