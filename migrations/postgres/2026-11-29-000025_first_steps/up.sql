-- When the person hid the first steps of this account.
ALTER TABLE claims ADD COLUMN first_steps_hidden_at BIGINT;
