-- Content of projects: collections, design documents, environments, mock servers and MCP clients.
CREATE TABLE workspaces (
    pk INTEGER PRIMARY KEY,
    -- `wrk_…`
    id TEXT NOT NULL UNIQUE,
    project_pk BIGINT NOT NULL REFERENCES projects (pk) ON DELETE CASCADE,
    name TEXT NOT NULL,
    scope TEXT NOT NULL CHECK (scope IN ('collection', 'design', 'environment', 'mock-server', 'mcp')),
    -- How many requests, folders, environments and the like are in it.
    things BIGINT NOT NULL,
    -- The length of `document` in bytes.
    bytes BIGINT NOT NULL,
    -- A v5 file, compressed by deflate.
    document BLOB NOT NULL,
    -- Counts changes, so that nobody overwrites what they have not seen.
    version BIGINT NOT NULL DEFAULT 1,
    -- The id of the member who made it. No reference: the content stays when the member goes.
    created_by TEXT,
    created_at BIGINT NOT NULL,
    modified_at BIGINT NOT NULL
);
CREATE INDEX workspaces_order ON workspaces (project_pk, pk);
-- How much a project keeps, from the index alone.
CREATE INDEX workspaces_size ON workspaces (project_pk, bytes);

-- Files that were sent to be imported. They wait until they are imported or forgotten.
CREATE TABLE content_imports (
    pk INTEGER PRIMARY KEY,
    -- `imp_…`
    id TEXT NOT NULL UNIQUE,
    organization_pk BIGINT NOT NULL REFERENCES organizations (pk) ON DELETE CASCADE,
    -- Where they go; NULL where each folder is a project of its own.
    project_pk BIGINT REFERENCES projects (pk) ON DELETE SET NULL,
    -- The id of the member who sent them.
    created_by TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'imported')),
    -- The files, packed; empty when they are imported.
    files BLOB NOT NULL,
    bytes BIGINT NOT NULL,
    -- What is done with content of the same name, and which folders go where, as JSON.
    choices TEXT NOT NULL,
    -- What was or would be made, and what was changed, skipped or not understood, as JSON.
    report TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX content_imports_order ON content_imports (organization_pk, pk);
CREATE INDEX content_imports_age ON content_imports (expires_at);
CREATE INDEX content_imports_project ON content_imports (project_pk);
