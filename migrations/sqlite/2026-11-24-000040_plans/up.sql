-- When the paid term or the trial ends, if ever.
ALTER TABLE enterprises ADD COLUMN plan_ends_at BIGINT;
-- An account has one trial.
ALTER TABLE enterprises ADD COLUMN trial_started_at BIGINT;
-- What the trial reverts to.
ALTER TABLE enterprises ADD COLUMN trial_from_plan TEXT
    CHECK (trial_from_plan IS NULL OR trial_from_plan IN ('essentials', 'pro'));
ALTER TABLE enterprises ADD COLUMN trial_from_seats BIGINT;
ALTER TABLE enterprises ADD COLUMN trial_from_ends_at BIGINT;
-- The latest warning before the end: days that were left.
ALTER TABLE enterprises ADD COLUMN plan_warned_days BIGINT;
ALTER TABLE enterprises ADD COLUMN git_sync_enabled BOOLEAN NOT NULL DEFAULT TRUE;
-- The billing system's subscription, and the time of the newest event of it that was applied.
ALTER TABLE enterprises ADD COLUMN subscription_id TEXT;
ALTER TABLE enterprises ADD COLUMN subscription_event_at BIGINT;
CREATE UNIQUE INDEX enterprises_subscription ON enterprises (subscription_id) WHERE subscription_id IS NOT NULL;
CREATE INDEX enterprises_plan_end ON enterprises (plan_ends_at, pk) WHERE plan_ends_at IS NOT NULL;

CREATE TABLE activation_codes (
    pk INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    hash BLOB NOT NULL UNIQUE,
    -- Whom it was issued to: by name, and the account if there is one.
    customer TEXT NOT NULL,
    customer_key TEXT NOT NULL,
    enterprise_pk BIGINT REFERENCES enterprises (pk),
    seats BIGINT NOT NULL CHECK (seats > 0),
    days BIGINT NOT NULL CHECK (days > 0),
    state TEXT NOT NULL CHECK (state IN ('issued', 'used', 'superseded', 'revoked')),
    issued_at BIGINT NOT NULL,
    used_at BIGINT,
    -- The account that used it.
    used_by BIGINT REFERENCES enterprises (pk),
    CHECK ((state = 'used') = (used_at IS NOT NULL))
);
-- Only the newest code issued to somebody is valid.
CREATE UNIQUE INDEX activation_codes_newest ON activation_codes (customer_key) WHERE state = 'issued';

-- Events of the billing system that were applied, so that none is applied twice.
CREATE TABLE billing_events (
    id TEXT PRIMARY KEY,
    enterprise_pk BIGINT NOT NULL REFERENCES enterprises (pk),
    applied_at BIGINT NOT NULL
) WITHOUT ROWID;
