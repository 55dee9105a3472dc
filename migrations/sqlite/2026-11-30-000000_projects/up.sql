-- Projects of organizations, in which content is kept.
CREATE TABLE projects (
    pk INTEGER PRIMARY KEY,
    -- `proj_…`
    id TEXT NOT NULL UNIQUE,
    organization_pk BIGINT NOT NULL REFERENCES organizations (pk) ON DELETE CASCADE,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    -- The id of the member who made it. No reference: the project stays when the member goes.
    created_by TEXT,
    created_at BIGINT NOT NULL,
    modified_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX projects_name ON projects (organization_pk, name_key);
CREATE INDEX projects_order ON projects (organization_pk, pk);

-- How many projects of an organization somebody keeps in Git, as their app says.
CREATE TABLE git_projects (
    organization_pk BIGINT NOT NULL REFERENCES organizations (pk) ON DELETE CASCADE,
    user_pk BIGINT NOT NULL REFERENCES users (pk) ON DELETE CASCADE,
    projects BIGINT NOT NULL,
    noted_at BIGINT NOT NULL,
    PRIMARY KEY (organization_pk, user_pk)
) WITHOUT ROWID;
CREATE INDEX git_projects_of_user ON git_projects (user_pk);
