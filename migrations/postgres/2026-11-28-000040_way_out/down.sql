DROP TABLE recovery_links;
DROP INDEX domains_looked;
ALTER TABLE domains DROP COLUMN looked_at;
ALTER TABLE domains DROP COLUMN rest_warned_at;
ALTER TABLE domains DROP COLUMN lost_since;
UPDATE enterprises SET sso_configured_at = created_at
    WHERE pk IN (SELECT enterprise_pk FROM sso_connections WHERE is_on);
CREATE FUNCTION sso_is_off() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE enterprises SET sso_configured_at = NULL
    WHERE pk = OLD.enterprise_pk AND NOT EXISTS
        (SELECT 1 FROM sso_connections WHERE enterprise_pk = OLD.enterprise_pk AND is_on);
    RETURN NULL;
END;
$$;
CREATE TRIGGER sso_switched AFTER UPDATE OF is_on ON sso_connections FOR EACH ROW
    WHEN (NEW.is_on <> OLD.is_on) EXECUTE FUNCTION sso_is_off();
CREATE TRIGGER sso_deleted AFTER DELETE ON sso_connections FOR EACH ROW
    WHEN (OLD.is_on) EXECUTE FUNCTION sso_is_off();
DROP TABLE sso_certificate_warnings;
ALTER TABLE sso_logins DROP COLUMN trial_by;
ALTER TABLE sso_connections DROP COLUMN trial_by;
ALTER TABLE sso_connections DROP COLUMN draft_verified_at;
