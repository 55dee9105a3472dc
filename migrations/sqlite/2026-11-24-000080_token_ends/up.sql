-- For forgetting tokens that ended long ago.
CREATE INDEX admin_tokens_end ON admin_tokens (expires_at) WHERE expires_at IS NOT NULL;
