-- OpenID Connect: the identity provider sends browsers back to a path of this connection's own.
-- Connections from before keep the shared path, which is registered at their identity providers.
ALTER TABLE sso_connections ADD COLUMN own_callback BOOLEAN NOT NULL DEFAULT FALSE;
