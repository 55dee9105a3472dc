-- What was paid for while a trial runs (DOMAIN.md §1): the account gets it when the trial ends. It stays
-- while more seats are in use than were paid for, until the owner reactivates the account.
CREATE TABLE waiting_payments (
    enterprise_pk BIGINT PRIMARY KEY NOT NULL REFERENCES enterprises (pk) ON DELETE CASCADE,
    plan TEXT NOT NULL CHECK (plan IN ('pro', 'enterprise')),
    seats BIGINT NOT NULL CHECK (seats > 0),
    ends_at BIGINT,
    paid_at BIGINT NOT NULL
) WITHOUT ROWID;
