-- What things are found by in lists, beyond the beginning of a name or an address, which has an index
-- of its own: further words of names, and further addresses. Written with the thing; what was there
-- before is filled in by store/rekey.rs, because only Rust folds letters.
CREATE TABLE search_terms (
    -- The account; 0 for what is the server's: accounts and activation codes.
    enterprise_pk BIGINT NOT NULL,
    kind TEXT COLLATE "C" NOT NULL CHECK (kind IN ('member', 'team', 'organization', 'account', 'code')),
    term TEXT COLLATE "C" NOT NULL,
    -- The row of the thing. No reference: one index is enough to write, and readers look at the thing.
    pk BIGINT NOT NULL,
    PRIMARY KEY (enterprise_pk, kind, term, pk)
);

-- Invitations of any state by the beginning of the address.
CREATE INDEX invitations_by_address ON invitations (enterprise_pk, email_key, pk);
-- Activation codes by the beginning of the customer's name.
CREATE INDEX activation_codes_by_customer ON activation_codes (customer_key, pk);
