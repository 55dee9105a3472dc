-- Every 1024th member that an account ever had, and how many of those that came from there to the next
-- one have gone since: so a position in the directory is found without counting up to it.
CREATE TABLE member_milestones (
    enterprise_pk BIGINT NOT NULL REFERENCES enterprises (pk) ON DELETE CASCADE,
    first_pk BIGINT NOT NULL,
    gone BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (enterprise_pk, first_pk)
) WITHOUT ROWID;
INSERT INTO member_milestones (enterprise_pk, first_pk)
SELECT enterprise_pk, pk FROM (
    SELECT enterprise_pk, pk, row_number() OVER (PARTITION BY enterprise_pk ORDER BY pk) AS place
    FROM members
) WHERE place % 1024 = 1;

ALTER TABLE enterprises ADD COLUMN members_ever BIGINT NOT NULL DEFAULT 0;
UPDATE enterprises SET members_ever = member_count;

DROP TRIGGER members_inserted;
CREATE TRIGGER members_inserted AFTER INSERT ON members BEGIN
    UPDATE enterprises SET
        member_count = member_count + 1,
        members_ever = members_ever + 1,
        seats_members = seats_members + NEW.active,
        active_owners = active_owners + (NEW.active AND NEW.role = 'owner')
    WHERE pk = NEW.enterprise_pk;
    INSERT INTO member_milestones (enterprise_pk, first_pk)
    SELECT pk, NEW.pk FROM enterprises WHERE pk = NEW.enterprise_pk AND members_ever % 1024 = 1;
END;
-- A number of a last row that is deleted is given again here. A stretch of which nobody is left, at the
-- end, is therefore taken back, and the one before, which is whole, ends where the next member comes.
CREATE TRIGGER members_leave_milestones AFTER DELETE ON members BEGIN
    UPDATE member_milestones SET gone = gone + 1
    WHERE enterprise_pk = OLD.enterprise_pk AND first_pk = (
        SELECT max(first_pk) FROM member_milestones
        WHERE enterprise_pk = OLD.enterprise_pk AND first_pk <= OLD.pk
    );
    UPDATE enterprises SET members_ever = 1024 * (
        SELECT count(*) FROM member_milestones
        WHERE enterprise_pk = OLD.enterprise_pk AND first_pk <= (
            SELECT coalesce(max(pk), 0) FROM members WHERE enterprise_pk = OLD.enterprise_pk
        )
    )
    WHERE pk = OLD.enterprise_pk AND EXISTS (
        SELECT 1 FROM member_milestones WHERE enterprise_pk = OLD.enterprise_pk AND first_pk > (
            SELECT coalesce(max(pk), 0) FROM members WHERE enterprise_pk = OLD.enterprise_pk
        )
    );
    DELETE FROM member_milestones WHERE enterprise_pk = OLD.enterprise_pk AND first_pk > (
        SELECT coalesce(max(pk), 0) FROM members WHERE enterprise_pk = OLD.enterprise_pk
    );
END;
