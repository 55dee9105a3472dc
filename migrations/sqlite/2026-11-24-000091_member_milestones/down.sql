DROP TRIGGER members_leave_milestones;
DROP TRIGGER members_inserted;
CREATE TRIGGER members_inserted AFTER INSERT ON members BEGIN
    UPDATE enterprises SET
        member_count = member_count + 1,
        seats_members = seats_members + NEW.active,
        active_owners = active_owners + (NEW.active AND NEW.role = 'owner')
    WHERE pk = NEW.enterprise_pk;
END;
ALTER TABLE enterprises DROP COLUMN members_ever;
DROP TABLE member_milestones;
