-- What has changed that open desktop apps show, in the order in which it was written. Each node reads
-- what is new and tells its event streams. Written by triggers, so that no use case can forget it and
-- what goes with something else is told, too. Only what was just written is needed: rows are deleted
-- after a few minutes.
CREATE TABLE app_changes (
    pk INTEGER PRIMARY KEY AUTOINCREMENT,
    -- What `subject` is: `person` and `session` a user, `team` a team, `account`, `owners` and
    -- `account-storage` an account, `organization`, `storage` and `project` an organization.
    kind TEXT NOT NULL CHECK (kind IN (
        'person', 'session', 'team', 'account', 'owners', 'organization', 'account-storage', 'storage',
        'project', 'vault'
    )),
    subject BIGINT NOT NULL,
    -- The account that it is about; NULL where it is about a person.
    enterprise_pk BIGINT,
    -- The id of the project, or of the session that changed the vault.
    detail TEXT
);
-- How far the table was written at some time, so that what is older can be deleted.
CREATE TABLE app_change_marks (
    pk BIGINT PRIMARY KEY NOT NULL,
    noted_at BIGINT NOT NULL
) WITHOUT ROWID;

-- Who reaches what: claims, places in teams and organizations, roles.
CREATE TRIGGER app_claims_made AFTER INSERT ON claims BEGIN
    INSERT INTO app_changes (kind, subject, enterprise_pk)
    VALUES ('person', NEW.user_pk, NULL);
END;
CREATE TRIGGER app_claims_ended AFTER DELETE ON claims BEGIN
    INSERT INTO app_changes (kind, subject, enterprise_pk)
    VALUES ('person', OLD.user_pk, NULL);
END;
CREATE TRIGGER app_members_changed AFTER UPDATE OF active, role, display_name ON members
WHEN OLD.active IS NOT NEW.active OR OLD.role IS NOT NEW.role OR OLD.display_name IS NOT NEW.display_name BEGIN
    INSERT INTO app_changes (kind, subject)
    SELECT 'person', user_pk FROM claims WHERE member_pk = NEW.pk;
END;
CREATE TRIGGER app_places_made AFTER INSERT ON team_members BEGIN
    INSERT INTO app_changes (kind, subject)
    SELECT 'person', user_pk FROM claims WHERE member_pk = NEW.member_pk;
END;
CREATE TRIGGER app_places_changed AFTER UPDATE OF role ON team_members
WHEN OLD.role IS NOT NEW.role BEGIN
    INSERT INTO app_changes (kind, subject)
    SELECT 'person', user_pk FROM claims WHERE member_pk = NEW.member_pk;
END;
CREATE TRIGGER app_places_ended AFTER DELETE ON team_members BEGIN
    INSERT INTO app_changes (kind, subject)
    SELECT 'person', user_pk FROM claims WHERE member_pk = OLD.member_pk;
END;
CREATE TRIGGER app_direct_made AFTER INSERT ON organization_members BEGIN
    INSERT INTO app_changes (kind, subject)
    SELECT 'person', user_pk FROM claims WHERE member_pk = NEW.member_pk;
END;
CREATE TRIGGER app_direct_changed AFTER UPDATE OF role ON organization_members
WHEN OLD.role IS NOT NEW.role BEGIN
    INSERT INTO app_changes (kind, subject)
    SELECT 'person', user_pk FROM claims WHERE member_pk = NEW.member_pk;
END;
CREATE TRIGGER app_direct_ended AFTER DELETE ON organization_members BEGIN
    INSERT INTO app_changes (kind, subject)
    SELECT 'person', user_pk FROM claims WHERE member_pk = OLD.member_pk;
END;
CREATE TRIGGER app_teams_changed AFTER UPDATE OF role ON teams
WHEN OLD.role IS NOT NEW.role BEGIN
    INSERT INTO app_changes (kind, subject, enterprise_pk)
    VALUES ('team', NEW.pk, NEW.enterprise_pk);
END;
CREATE TRIGGER app_links_made AFTER INSERT ON team_organizations BEGIN
    INSERT INTO app_changes (kind, subject, enterprise_pk)
    SELECT 'team', pk, enterprise_pk FROM teams WHERE pk = NEW.team_pk;
END;
CREATE TRIGGER app_links_ended AFTER DELETE ON team_organizations BEGIN
    INSERT INTO app_changes (kind, subject, enterprise_pk)
    SELECT 'team', pk, enterprise_pk FROM teams WHERE pk = OLD.team_pk;
END;
-- Persons and their sessions.
CREATE TRIGGER app_persons_changed AFTER UPDATE OF email, name ON users
WHEN OLD.email IS NOT NEW.email OR OLD.name IS NOT NEW.name BEGIN
    INSERT INTO app_changes (kind, subject, enterprise_pk)
    VALUES ('person', NEW.pk, NULL);
END;
CREATE TRIGGER app_sessions_ended AFTER DELETE ON sessions BEGIN
    INSERT INTO app_changes (kind, subject, enterprise_pk)
    VALUES ('session', OLD.user_pk, NULL);
END;
-- Accounts and their organizations.
CREATE TRIGGER app_accounts_changed AFTER UPDATE OF name, plan, plan_active, plan_ends_at, git_sync_enabled ON enterprises
WHEN OLD.name IS NOT NEW.name OR OLD.plan IS NOT NEW.plan OR OLD.plan_active IS NOT NEW.plan_active OR OLD.plan_ends_at IS NOT NEW.plan_ends_at OR OLD.git_sync_enabled IS NOT NEW.git_sync_enabled BEGIN
    INSERT INTO app_changes (kind, subject, enterprise_pk)
    VALUES ('account', NEW.pk, NEW.pk);
END;
CREATE TRIGGER app_single_sign_on_changed AFTER UPDATE OF is_on ON sso_connections
WHEN OLD.is_on IS NOT NEW.is_on BEGIN
    INSERT INTO app_changes (kind, subject, enterprise_pk)
    VALUES ('account', NEW.enterprise_pk, NEW.enterprise_pk);
END;
CREATE TRIGGER app_organizations_made AFTER INSERT ON organizations BEGIN
    INSERT INTO app_changes (kind, subject, enterprise_pk)
    VALUES ('owners', NEW.enterprise_pk, NEW.enterprise_pk);
END;
CREATE TRIGGER app_organizations_ended AFTER DELETE ON organizations BEGIN
    INSERT INTO app_changes (kind, subject, enterprise_pk)
    VALUES ('owners', OLD.enterprise_pk, OLD.enterprise_pk);
END;
CREATE TRIGGER app_organizations_renamed AFTER UPDATE OF name ON organizations
WHEN OLD.name IS NOT NEW.name BEGIN
    INSERT INTO app_changes (kind, subject, enterprise_pk)
    VALUES ('organization', NEW.pk, NEW.enterprise_pk);
END;
CREATE TRIGGER app_organizations_moved AFTER UPDATE OF enterprise_pk ON organizations
WHEN OLD.enterprise_pk IS NOT NEW.enterprise_pk BEGIN
    INSERT INTO app_changes (kind, subject, enterprise_pk)
    VALUES ('account', OLD.enterprise_pk, OLD.enterprise_pk);
    INSERT INTO app_changes (kind, subject, enterprise_pk)
    VALUES ('account', NEW.enterprise_pk, NEW.enterprise_pk);
END;
-- Storage control.
CREATE TRIGGER app_account_rules_made AFTER INSERT ON storage_control BEGIN
    INSERT INTO app_changes (kind, subject, enterprise_pk)
    VALUES ('account-storage', NEW.enterprise_pk, NEW.enterprise_pk);
END;
CREATE TRIGGER app_account_rules_changed AFTER UPDATE ON storage_control BEGIN
    INSERT INTO app_changes (kind, subject, enterprise_pk)
    VALUES ('account-storage', NEW.enterprise_pk, NEW.enterprise_pk);
END;
CREATE TRIGGER app_account_rules_ended AFTER DELETE ON storage_control BEGIN
    INSERT INTO app_changes (kind, subject, enterprise_pk)
    VALUES ('account-storage', OLD.enterprise_pk, OLD.enterprise_pk);
END;
CREATE TRIGGER app_own_rules_made AFTER INSERT ON organization_storage_control BEGIN
    INSERT INTO app_changes (kind, subject, enterprise_pk, detail)
    SELECT 'storage', pk, enterprise_pk, NULL FROM organizations WHERE pk = NEW.organization_pk;
END;
CREATE TRIGGER app_own_rules_changed AFTER UPDATE ON organization_storage_control BEGIN
    INSERT INTO app_changes (kind, subject, enterprise_pk, detail)
    SELECT 'storage', pk, enterprise_pk, NULL FROM organizations WHERE pk = NEW.organization_pk;
END;
CREATE TRIGGER app_own_rules_ended AFTER DELETE ON organization_storage_control BEGIN
    INSERT INTO app_changes (kind, subject, enterprise_pk, detail)
    SELECT 'storage', pk, enterprise_pk, NULL FROM organizations WHERE pk = OLD.organization_pk;
END;
-- Projects.
CREATE TRIGGER app_projects_made AFTER INSERT ON projects BEGIN
    INSERT INTO app_changes (kind, subject, enterprise_pk, detail)
    SELECT 'project', pk, enterprise_pk, NEW.id FROM organizations WHERE pk = NEW.organization_pk;
END;
CREATE TRIGGER app_projects_changed AFTER UPDATE OF name ON projects
WHEN OLD.name IS NOT NEW.name BEGIN
    INSERT INTO app_changes (kind, subject, enterprise_pk, detail)
    SELECT 'project', pk, enterprise_pk, NEW.id FROM organizations WHERE pk = NEW.organization_pk;
END;
CREATE TRIGGER app_projects_ended AFTER DELETE ON projects BEGIN
    INSERT INTO app_changes (kind, subject, enterprise_pk, detail)
    SELECT 'project', pk, enterprise_pk, OLD.id FROM organizations WHERE pk = OLD.organization_pk;
END;
