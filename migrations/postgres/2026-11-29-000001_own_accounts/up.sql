-- The Essentials account that a person has made for themselves, by signing up or afterwards: one for
-- each person.
CREATE TABLE own_accounts (
    user_pk BIGINT PRIMARY KEY NOT NULL REFERENCES users (pk) ON DELETE CASCADE,
    enterprise_pk BIGINT NOT NULL REFERENCES enterprises (pk) ON DELETE CASCADE,
    made_at BIGINT NOT NULL
);
CREATE INDEX own_accounts_of_enterprise ON own_accounts (enterprise_pk);

-- Whether an address is invited, by any account.
CREATE INDEX invitations_pending_address ON invitations (email_key) WHERE state = 'pending';
