-- Handing an organization to another person's account: asked for, and then accepted or not.
CREATE TABLE organization_transfers (
    pk INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    organization_pk BIGINT NOT NULL REFERENCES organizations (pk) ON DELETE CASCADE,
    -- The account that hands it over.
    enterprise_pk BIGINT NOT NULL REFERENCES enterprises (pk) ON DELETE CASCADE,
    -- The new owner's address; it is looked up again when it is used.
    email TEXT NOT NULL,
    email_key TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('pending', 'accepted', 'declined', 'cancelled', 'expired')),
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX organization_transfers_pending ON organization_transfers (organization_pk)
    WHERE state = 'pending';
CREATE INDEX organization_transfers_of_organization ON organization_transfers (organization_pk);
CREATE INDEX organization_transfers_to ON organization_transfers (email_key, pk);
CREATE INDEX organization_transfers_due ON organization_transfers (state, expires_at);
CREATE INDEX organization_transfers_of_account ON organization_transfers (enterprise_pk);

-- On which days a member used the product; one row for each, so that use costs one write a day.
CREATE TABLE member_activity (
    member_pk BIGINT NOT NULL REFERENCES members (pk) ON DELETE CASCADE,
    -- Days since 1970, UTC.
    day BIGINT NOT NULL,
    enterprise_pk BIGINT NOT NULL REFERENCES enterprises (pk) ON DELETE CASCADE,
    PRIMARY KEY (member_pk, day)
) WITHOUT ROWID;
CREATE INDEX member_activity_age ON member_activity (enterprise_pk, day);

-- Where content may be kept: words with blanks between them. No row: everywhere.
CREATE TABLE storage_control (
    enterprise_pk BIGINT PRIMARY KEY NOT NULL REFERENCES enterprises (pk) ON DELETE CASCADE,
    personal_workspaces TEXT NOT NULL,
    organizations TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE organization_storage_control (
    organization_pk BIGINT PRIMARY KEY NOT NULL REFERENCES organizations (pk) ON DELETE CASCADE,
    allowed TEXT NOT NULL
) WITHOUT ROWID;

-- What ends with an organization or a team is found without reading every invitation.
CREATE INDEX invitations_naming_organization ON invitation_organizations (organization_pk);
CREATE INDEX invitations_naming_team ON invitation_teams (team_pk);
