-- Links in the mail that welcomes the owner of a new account, by which they claim it. Until then the
-- account is its code's holder's, who can correct the address: that ends the link before. Ended links
-- stay for a while, because they count towards the limit of mails.
CREATE TABLE ownership_links (
    hash BYTEA PRIMARY KEY NOT NULL,
    enterprise_pk BIGINT NOT NULL REFERENCES enterprises (pk) ON DELETE CASCADE,
    member_pk BIGINT NOT NULL REFERENCES members (pk) ON DELETE CASCADE,
    email TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX ownership_links_of_member ON ownership_links (member_pk, created_at);
CREATE INDEX ownership_links_of_enterprise ON ownership_links (enterprise_pk);
CREATE INDEX ownership_links_age ON ownership_links (expires_at);
