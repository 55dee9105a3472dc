-- A draft that somebody has signed in with while the connection was on: it waits for an owner to put
-- it into use. Gone with the next draft.
ALTER TABLE sso_connections ADD COLUMN draft_verified_at BIGINT;
-- Id of the owner who made the link by which the draft is tried: a sign-in by it puts the draft into
-- use. NULL for a link of anybody else's.
ALTER TABLE sso_connections ADD COLUMN trial_by TEXT;
-- The same for a sign-in under way: it counts by which link it was begun.
ALTER TABLE sso_logins ADD COLUMN trial_by TEXT;

-- Which warning of a certificate's end was given last: days before the end, 0 once it has ended.
CREATE TABLE sso_certificate_warnings (
    connection_pk BIGINT NOT NULL REFERENCES sso_connections (pk) ON DELETE CASCADE,
    fingerprint TEXT NOT NULL,
    days BIGINT NOT NULL,
    PRIMARY KEY (connection_pk, fingerprint)
) WITHOUT ROWID;

-- From now on the column is the operator's word alone; whether a connection is on says the
-- connection. Accounts with one that is on keep what SCIM needs by that.
DROP TRIGGER sso_switched;
DROP TRIGGER sso_deleted;
UPDATE enterprises SET sso_configured_at = NULL
    WHERE pk IN (SELECT enterprise_pk FROM sso_connections WHERE is_on);

-- Since when DNS says that the record which verified the domain is not there.
ALTER TABLE domains ADD COLUMN lost_since BIGINT;
-- When the owners were told that it rests tomorrow.
ALTER TABLE domains ADD COLUMN rest_warned_at BIGINT;
-- When the daily look at it was taken last.
ALTER TABLE domains ADD COLUMN looked_at BIGINT;
UPDATE domains SET looked_at = verified_at;
CREATE INDEX domains_looked ON domains (looked_at, pk) WHERE method = 'unique_record';

-- Links by which an owner signs in past single sign-on.
CREATE TABLE recovery_links (
    pk INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    hash BLOB NOT NULL UNIQUE,
    enterprise_pk BIGINT NOT NULL REFERENCES enterprises (pk) ON DELETE CASCADE,
    member_pk BIGINT NOT NULL REFERENCES members (pk) ON DELETE CASCADE,
    -- Who the member was when it was made: it signs in nobody else. NULL where nobody had claimed it:
    -- following the link proves the address that it was sent to.
    user_pk BIGINT REFERENCES users (pk) ON DELETE CASCADE,
    sent_to TEXT,
    made_by TEXT NOT NULL CHECK (made_by IN ('owner', 'operator')),
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT,
    CHECK (user_pk IS NOT NULL OR sent_to IS NOT NULL)
);
CREATE INDEX recovery_links_of_member ON recovery_links (member_pk, pk);
CREATE INDEX recovery_links_of_user ON recovery_links (user_pk);
CREATE INDEX recovery_links_of_enterprise ON recovery_links (enterprise_pk);
CREATE INDEX recovery_links_age ON recovery_links (expires_at);
