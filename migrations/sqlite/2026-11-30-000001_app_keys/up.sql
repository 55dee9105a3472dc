-- What a person's desktop app encrypts with. The server cannot read it: all are texts of the app.
CREATE TABLE app_keys (
    user_pk BIGINT PRIMARY KEY NOT NULL REFERENCES users (pk) ON DELETE CASCADE,
    public_key TEXT NOT NULL,
    enc_private_key TEXT NOT NULL,
    enc_symmetric_key TEXT NOT NULL,
    salt_enc TEXT,
    enc_driver_key TEXT,
    set_at BIGINT NOT NULL,
    -- The account whose single sign-on set them; NULL where the person's own proof did.
    set_through BIGINT
) WITHOUT ROWID;
-- The account whose single sign-on made the person's own account; NULL where their own proof did.
ALTER TABLE own_accounts ADD COLUMN made_through BIGINT;
