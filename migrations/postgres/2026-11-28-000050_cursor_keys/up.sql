-- What cursors are sealed with, by every node: clients do not see the numbers of rows in them, from
-- which the size and growth of other accounts could be read.
CREATE TABLE cursor_keys (
    pk BIGINT PRIMARY KEY NOT NULL,
    secret BYTEA NOT NULL
);
INSERT INTO cursor_keys (pk, secret)
VALUES (1, decode(replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''), 'hex'));
