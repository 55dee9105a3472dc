ALTER TABLE claims DROP COLUMN first_steps_hidden_at;
