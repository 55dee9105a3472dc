CREATE TABLE enterprises (
    pk INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL UNIQUE,
    plan TEXT NOT NULL CHECK (plan IN ('essentials', 'pro', 'enterprise', 'trial')),
    -- The plan's advanced operations are on; off after Enterprise or Trial has ended.
    plan_active BOOLEAN NOT NULL,
    sso_configured_at BIGINT,
    invite_control TEXT NOT NULL DEFAULT 'all_domains'
        CHECK (invite_control IN ('all_domains', 'verified_domains', 'off')),
    invite_control_binds_scim BOOLEAN NOT NULL DEFAULT FALSE,
    seats_total BIGINT NOT NULL CHECK (seats_total > 0),
    seats_members BIGINT NOT NULL DEFAULT 0 CHECK (seats_members >= 0),
    seats_invitations BIGINT NOT NULL DEFAULT 0 CHECK (seats_invitations >= 0),
    active_owners BIGINT NOT NULL DEFAULT 0 CHECK (active_owners >= 0),
    member_count BIGINT NOT NULL DEFAULT 0 CHECK (member_count >= 0),
    -- Teams that SCIM shows.
    team_count BIGINT NOT NULL DEFAULT 0 CHECK (team_count >= 0),
    -- How many resources have ever gone from what SCIM shows; only grows.
    departed BIGINT NOT NULL DEFAULT 0,
    -- Set once the first owner is in; from then on there is always one.
    founded BOOLEAN NOT NULL DEFAULT FALSE,
    created_at BIGINT NOT NULL,
    CONSTRAINT seats_within_total CHECK (seats_members + seats_invitations <= seats_total),
    CONSTRAINT always_an_owner CHECK (active_owners > 0 OR NOT founded)
);

CREATE TABLE domains (
    pk INTEGER PRIMARY KEY,
    enterprise_pk BIGINT NOT NULL REFERENCES enterprises (pk) ON DELETE CASCADE,
    -- Canonical form; a domain can be verified in one account only.
    name TEXT NOT NULL UNIQUE,
    verified_at BIGINT NOT NULL
);
CREATE INDEX domains_of_enterprise ON domains (enterprise_pk);

CREATE TABLE connectors (
    pk INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    enterprise_pk BIGINT NOT NULL UNIQUE REFERENCES enterprises (pk) ON DELETE CASCADE,
    enabled BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE connector_tokens (
    pk INTEGER PRIMARY KEY,
    connector_pk BIGINT NOT NULL REFERENCES connectors (pk) ON DELETE CASCADE,
    hash BLOB NOT NULL UNIQUE,
    created_at BIGINT NOT NULL,
    expires_at BIGINT
);
CREATE INDEX connector_tokens_of_connector ON connector_tokens (connector_pk);

CREATE TABLE users (
    pk INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    email TEXT NOT NULL,
    email_key TEXT NOT NULL UNIQUE,
    created_at BIGINT NOT NULL
);

CREATE TABLE members (
    pk INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    enterprise_pk BIGINT NOT NULL REFERENCES enterprises (pk) ON DELETE CASCADE,
    -- NULL: has no address of its own and cannot sign in.
    user_pk BIGINT REFERENCES users (pk),
    role TEXT NOT NULL CHECK (role IN ('owner', 'co-owner', 'member', 'billing-only')),
    source TEXT NOT NULL CHECK (source IN ('manual', 'scim')),
    -- An active member holds a seat; an inactive one does not.
    active BOOLEAN NOT NULL,
    seat_since BIGINT,
    user_name TEXT NOT NULL,
    user_name_key TEXT NOT NULL,
    external_id TEXT,
    display_name TEXT,
    display_name_key TEXT,
    -- A text for administrators.
    note TEXT,
    -- The rest of the SCIM resource, as JSON.
    document TEXT NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    modified_at BIGINT NOT NULL,
    CHECK (active = (seat_since IS NOT NULL))
);
CREATE UNIQUE INDEX members_user_name ON members (enterprise_pk, user_name_key);
CREATE UNIQUE INDEX members_user ON members (enterprise_pk, user_pk) WHERE user_pk IS NOT NULL;
CREATE INDEX members_user_only ON members (user_pk) WHERE user_pk IS NOT NULL;
CREATE INDEX members_external_id ON members (enterprise_pk, external_id) WHERE external_id IS NOT NULL;
CREATE INDEX members_display_name ON members (enterprise_pk, display_name_key) WHERE display_name_key IS NOT NULL;
CREATE UNIQUE INDEX members_order ON members (enterprise_pk, pk);

CREATE TABLE member_emails (
    enterprise_pk BIGINT NOT NULL,
    email_key TEXT NOT NULL,
    member_pk BIGINT NOT NULL REFERENCES members (pk) ON DELETE CASCADE,
    PRIMARY KEY (enterprise_pk, email_key, member_pk)
) WITHOUT ROWID;
CREATE INDEX member_emails_of_member ON member_emails (member_pk);

CREATE TABLE organizations (
    pk INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    enterprise_pk BIGINT NOT NULL REFERENCES enterprises (pk) ON DELETE CASCADE,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX organizations_name ON organizations (enterprise_pk, name_key);

CREATE TABLE organization_members (
    organization_pk BIGINT NOT NULL REFERENCES organizations (pk) ON DELETE CASCADE,
    member_pk BIGINT NOT NULL REFERENCES members (pk) ON DELETE CASCADE,
    role TEXT NOT NULL CHECK (role IN ('admin', 'member')),
    PRIMARY KEY (organization_pk, member_pk)
) WITHOUT ROWID;
CREATE INDEX organization_members_of_member ON organization_members (member_pk);

CREATE TABLE teams (
    pk INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    -- The id of the SCIM Group: the team's own, or that of the group it was linked to by hand.
    scim_id TEXT NOT NULL UNIQUE,
    enterprise_pk BIGINT NOT NULL REFERENCES enterprises (pk) ON DELETE CASCADE,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    -- The team's name before it was linked by hand, for when it is unlinked.
    linked_from TEXT CHECK (linked_from IS NULL OR source = 'synchronised'),
    description TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('admin', 'member')),
    source TEXT NOT NULL CHECK (source IN ('manual', 'scim', 'synchronised')),
    -- Given back by the identity provider's DELETE: a manual team that SCIM no longer shows, until
    -- it is synchronised again.
    released BOOLEAN NOT NULL DEFAULT FALSE CHECK (NOT released OR source = 'manual'),
    external_id TEXT,
    document TEXT NOT NULL,
    member_count BIGINT NOT NULL CHECK (member_count >= 0),
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    modified_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX teams_name ON teams (enterprise_pk, name_key);
CREATE INDEX teams_external_id ON teams (enterprise_pk, external_id) WHERE external_id IS NOT NULL;
CREATE UNIQUE INDEX teams_order ON teams (enterprise_pk, pk);

CREATE TABLE team_members (
    team_pk BIGINT NOT NULL REFERENCES teams (pk) ON DELETE CASCADE,
    member_pk BIGINT NOT NULL REFERENCES members (pk) ON DELETE CASCADE,
    -- A membership can have two causes; it ends when the last one does.
    by_hand BOOLEAN NOT NULL,
    by_scim BOOLEAN NOT NULL,
    -- The display value that the identity provider sent, if any.
    display TEXT,
    PRIMARY KEY (team_pk, member_pk),
    CHECK (by_hand OR by_scim)
) WITHOUT ROWID;
CREATE INDEX team_members_of_member ON team_members (member_pk, team_pk);

CREATE TABLE team_organizations (
    team_pk BIGINT NOT NULL REFERENCES teams (pk) ON DELETE CASCADE,
    organization_pk BIGINT NOT NULL REFERENCES organizations (pk) ON DELETE CASCADE,
    PRIMARY KEY (team_pk, organization_pk)
) WITHOUT ROWID;
CREATE INDEX team_organizations_of_organization ON team_organizations (organization_pk, team_pk);

CREATE TABLE invitations (
    pk INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    enterprise_pk BIGINT NOT NULL REFERENCES enterprises (pk) ON DELETE CASCADE,
    email TEXT NOT NULL,
    email_key TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('pending', 'accepted', 'revoked', 'expired')),
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
-- One person waits for one seat, whatever they were invited to.
CREATE UNIQUE INDEX invitations_pending ON invitations (enterprise_pk, email_key) WHERE state = 'pending';
CREATE INDEX invitations_expiry ON invitations (enterprise_pk, expires_at) WHERE state = 'pending';
CREATE UNIQUE INDEX invitations_order ON invitations (enterprise_pk, pk);

CREATE TABLE invitation_organizations (
    invitation_pk BIGINT NOT NULL REFERENCES invitations (pk) ON DELETE CASCADE,
    organization_pk BIGINT NOT NULL REFERENCES organizations (pk) ON DELETE CASCADE,
    role TEXT NOT NULL CHECK (role IN ('admin', 'member')),
    PRIMARY KEY (invitation_pk, organization_pk)
) WITHOUT ROWID;

CREATE TABLE invitation_teams (
    invitation_pk BIGINT NOT NULL REFERENCES invitations (pk) ON DELETE CASCADE,
    team_pk BIGINT NOT NULL REFERENCES teams (pk) ON DELETE CASCADE,
    PRIMARY KEY (invitation_pk, team_pk)
) WITHOUT ROWID;

CREATE TABLE admin_tokens (
    pk INTEGER PRIMARY KEY,
    member_pk BIGINT NOT NULL REFERENCES members (pk) ON DELETE CASCADE,
    hash BLOB NOT NULL UNIQUE,
    created_at BIGINT NOT NULL,
    expires_at BIGINT
);
CREATE INDEX admin_tokens_of_member ON admin_tokens (member_pk);

-- What provisioning could not do, one row per account, kind and day.
CREATE TABLE provisioning_refusals (
    enterprise_pk BIGINT NOT NULL REFERENCES enterprises (pk) ON DELETE CASCADE,
    kind TEXT NOT NULL CHECK (kind IN ('no_free_seat')),
    day BIGINT NOT NULL,
    occurrences BIGINT NOT NULL,
    last_at BIGINT NOT NULL,
    last_subject TEXT NOT NULL,
    last_detail TEXT NOT NULL,
    PRIMARY KEY (enterprise_pk, kind, day)
) WITHOUT ROWID;

-- Where walks through the directory by index go on: what a page's last resource was, so that the
-- next page begins after it, whatever has gone from before it meanwhile.
CREATE TABLE walks (
    enterprise_pk BIGINT NOT NULL REFERENCES enterprises (pk) ON DELETE CASCADE,
    -- Hash of the query and its page size.
    query BIGINT NOT NULL,
    start_index BIGINT NOT NULL,
    position TEXT NOT NULL,
    -- The account's `departed` when the walk began.
    departed BIGINT NOT NULL,
    remembered_at BIGINT NOT NULL,
    PRIMARY KEY (enterprise_pk, query, start_index)
) WITHOUT ROWID;
CREATE INDEX walks_age ON walks (enterprise_pk, remembered_at);

-- Mail waiting to be sent; written in the transaction that causes it.
CREATE TABLE outbox (
    pk INTEGER PRIMARY KEY,
    enterprise_pk BIGINT NOT NULL REFERENCES enterprises (pk) ON DELETE CASCADE,
    recipient TEXT NOT NULL,
    subject TEXT NOT NULL,
    body TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    sent_at BIGINT
);
CREATE INDEX outbox_unsent ON outbox (pk) WHERE sent_at IS NULL;

CREATE TRIGGER members_inserted AFTER INSERT ON members BEGIN
    UPDATE enterprises SET
        member_count = member_count + 1,
        seats_members = seats_members + NEW.active,
        active_owners = active_owners + (NEW.active AND NEW.role = 'owner')
    WHERE pk = NEW.enterprise_pk;
END;
CREATE TRIGGER members_updated AFTER UPDATE OF active, role ON members
WHEN OLD.active <> NEW.active OR OLD.role <> NEW.role BEGIN
    UPDATE enterprises SET
        seats_members = seats_members + NEW.active - OLD.active,
        active_owners = active_owners + (NEW.active AND NEW.role = 'owner')
            - (OLD.active AND OLD.role = 'owner')
    WHERE pk = NEW.enterprise_pk;
END;
CREATE TRIGGER members_deleted AFTER DELETE ON members BEGIN
    UPDATE enterprises SET
        member_count = member_count - 1,
        departed = departed + 1,
        seats_members = seats_members - OLD.active,
        active_owners = active_owners - (OLD.active AND OLD.role = 'owner')
    WHERE pk = OLD.enterprise_pk;
END;
CREATE TRIGGER invitations_inserted AFTER INSERT ON invitations WHEN NEW.state = 'pending' BEGIN
    UPDATE enterprises SET seats_invitations = seats_invitations + 1 WHERE pk = NEW.enterprise_pk;
END;
CREATE TRIGGER invitations_updated AFTER UPDATE OF state ON invitations
WHEN (OLD.state = 'pending') <> (NEW.state = 'pending') BEGIN
    UPDATE enterprises SET
        seats_invitations = seats_invitations + (NEW.state = 'pending') - (OLD.state = 'pending')
    WHERE pk = NEW.enterprise_pk;
END;
CREATE TRIGGER invitations_deleted AFTER DELETE ON invitations WHEN OLD.state = 'pending' BEGIN
    UPDATE enterprises SET seats_invitations = seats_invitations - 1 WHERE pk = OLD.enterprise_pk;
END;
CREATE TRIGGER teams_inserted AFTER INSERT ON teams WHEN NOT NEW.released BEGIN
    UPDATE enterprises SET team_count = team_count + 1 WHERE pk = NEW.enterprise_pk;
END;
CREATE TRIGGER teams_updated AFTER UPDATE OF released ON teams WHEN OLD.released <> NEW.released BEGIN
    UPDATE enterprises SET
        team_count = team_count + OLD.released - NEW.released,
        departed = departed + (NEW.released AND NOT OLD.released)
    WHERE pk = NEW.enterprise_pk;
END;
CREATE TRIGGER teams_deleted AFTER DELETE ON teams WHEN NOT OLD.released BEGIN
    UPDATE enterprises SET team_count = team_count - 1, departed = departed + 1
    WHERE pk = OLD.enterprise_pk;
END;
