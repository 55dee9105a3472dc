-- By which rule the keys in this database were made. Only the program can make them: after the
-- migrations it writes those that another rule makes otherwise, and notes here that it has.
CREATE TABLE key_versions (
    version BIGINT PRIMARY KEY NOT NULL
);

-- Two things that had two keys and now have one. They are kept apart, without loss, by a key that
-- nothing else can have, until somebody renames or removes one of them. Without an account: for the
-- operator, because accounts do not see each other.
CREATE TABLE name_conflicts (
    pk INTEGER PRIMARY KEY NOT NULL,
    enterprise_pk BIGINT REFERENCES enterprises (pk) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    subject_id TEXT NOT NULL,
    subject_name TEXT NOT NULL,
    other_id TEXT NOT NULL,
    other_name TEXT NOT NULL,
    noted_at BIGINT NOT NULL
);
CREATE INDEX name_conflicts_of_account ON name_conflicts (enterprise_pk, pk);
