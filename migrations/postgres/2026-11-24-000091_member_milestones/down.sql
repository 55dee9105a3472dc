CREATE OR REPLACE FUNCTION count_member() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        UPDATE enterprises SET
            member_count = member_count + 1,
            seats_members = seats_members + NEW.active::int,
            active_owners = active_owners + (NEW.active AND NEW.role = 'owner')::int
        WHERE pk = NEW.enterprise_pk;
    ELSIF TG_OP = 'UPDATE' THEN
        UPDATE enterprises SET
            seats_members = seats_members + NEW.active::int - OLD.active::int,
            active_owners = active_owners + (NEW.active AND NEW.role = 'owner')::int
                - (OLD.active AND OLD.role = 'owner')::int
        WHERE pk = NEW.enterprise_pk;
    ELSE
        UPDATE enterprises SET
            member_count = member_count - 1,
            departed = departed + 1,
            seats_members = seats_members - OLD.active::int,
            active_owners = active_owners - (OLD.active AND OLD.role = 'owner')::int
        WHERE pk = OLD.enterprise_pk;
    END IF;
    RETURN NULL;
END $$;
ALTER TABLE enterprises DROP COLUMN members_ever;
DROP TABLE member_milestones;
