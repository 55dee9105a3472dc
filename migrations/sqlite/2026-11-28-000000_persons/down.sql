ALTER TABLE sign_in_links DROP COLUMN email;
DROP TRIGGER members_of_the_release_before;
DROP TRIGGER credentials_of_claim;
DROP TRIGGER credentials_of_deactivated;
-- Members are the people who have claimed them.
UPDATE members SET user_pk = (SELECT user_pk FROM claims WHERE claims.member_pk = members.pk);
CREATE TABLE emails_of_members (
    enterprise_pk BIGINT NOT NULL,
    email_key TEXT NOT NULL,
    member_pk BIGINT NOT NULL REFERENCES members (pk) ON DELETE CASCADE,
    PRIMARY KEY (enterprise_pk, email_key, member_pk)
) WITHOUT ROWID;
INSERT INTO emails_of_members SELECT enterprise_pk, email_key, member_pk FROM member_emails WHERE is_email;
DROP TABLE member_emails;
ALTER TABLE emails_of_members RENAME TO member_emails;
CREATE INDEX member_emails_of_member ON member_emails (member_pk);
DELETE FROM sessions WHERE signed_in_by = 'recovery';
ALTER TABLE sessions DROP COLUMN confined_to;
ALTER TABLE sessions DROP COLUMN email_key;
CREATE TRIGGER sessions_of_deactivated AFTER UPDATE OF active, user_pk ON members
WHEN NOT NEW.active OR NEW.user_pk IS NOT OLD.user_pk BEGIN
    DELETE FROM sessions WHERE member_pk = NEW.pk;
END;
ALTER TABLE members DROP COLUMN email;
DROP TABLE user_ids_before_proof;
DROP TABLE sso_identities;
DROP TABLE declined_members;
DROP TABLE claims;
DROP TABLE user_address_links;
DROP TABLE user_addresses;
