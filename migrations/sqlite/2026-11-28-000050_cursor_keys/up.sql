-- What cursors are sealed with, by every node: clients do not see the numbers of rows in them, from
-- which the size and growth of other accounts could be read.
CREATE TABLE cursor_keys (
    pk BIGINT PRIMARY KEY NOT NULL,
    secret BLOB NOT NULL
);
INSERT INTO cursor_keys (pk, secret) VALUES (1, randomblob(32));
