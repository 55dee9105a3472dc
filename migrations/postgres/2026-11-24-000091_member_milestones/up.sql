-- Every 1024th member that an account ever had, and how many of those that came from there to the next
-- one have gone since: so a position in the directory is found without counting up to it.
CREATE TABLE member_milestones (
    enterprise_pk BIGINT NOT NULL REFERENCES enterprises (pk) ON DELETE CASCADE,
    first_pk BIGINT NOT NULL,
    gone BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (enterprise_pk, first_pk)
);
INSERT INTO member_milestones (enterprise_pk, first_pk)
SELECT enterprise_pk, pk FROM (
    SELECT enterprise_pk, pk, row_number() OVER (PARTITION BY enterprise_pk ORDER BY pk) AS place
    FROM members
) AS placed WHERE place % 1024 = 1;

ALTER TABLE enterprises ADD COLUMN members_ever BIGINT NOT NULL DEFAULT 0;
UPDATE enterprises SET members_ever = member_count;

CREATE OR REPLACE FUNCTION count_member() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    ever BIGINT;
BEGIN
    IF TG_OP = 'INSERT' THEN
        UPDATE enterprises SET
            member_count = member_count + 1,
            members_ever = members_ever + 1,
            seats_members = seats_members + NEW.active::int,
            active_owners = active_owners + (NEW.active AND NEW.role = 'owner')::int
        WHERE pk = NEW.enterprise_pk
        RETURNING members_ever INTO ever;
        IF ever % 1024 = 1 THEN
            INSERT INTO member_milestones (enterprise_pk, first_pk) VALUES (NEW.enterprise_pk, NEW.pk);
        END IF;
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
        UPDATE member_milestones SET gone = gone + 1
        WHERE enterprise_pk = OLD.enterprise_pk AND first_pk = (
            SELECT max(first_pk) FROM member_milestones
            WHERE enterprise_pk = OLD.enterprise_pk AND first_pk <= OLD.pk
        );
    END IF;
    RETURN NULL;
END $$;
