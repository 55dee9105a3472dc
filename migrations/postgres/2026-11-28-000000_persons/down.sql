ALTER TABLE sign_in_links DROP COLUMN email;
DROP TRIGGER members_of_the_release_before ON members;
DROP FUNCTION members_of_the_release_before();
DROP TRIGGER credentials_of_claim ON claims;
DROP FUNCTION credentials_of_claim();
DROP TRIGGER credentials_of_deactivated ON members;
DROP FUNCTION credentials_of_deactivated();
-- Members are the people who have claimed them.
UPDATE members SET user_pk = (SELECT user_pk FROM claims WHERE claims.member_pk = members.pk);
DELETE FROM member_emails WHERE NOT is_email;
ALTER TABLE member_emails DROP CONSTRAINT member_emails_pkey;
ALTER TABLE member_emails ADD PRIMARY KEY (enterprise_pk, email_key, member_pk);
ALTER TABLE member_emails DROP COLUMN is_email;
DELETE FROM sessions WHERE signed_in_by = 'recovery';
ALTER TABLE sessions DROP COLUMN confined_to;
ALTER TABLE sessions DROP COLUMN email_key;
ALTER TABLE sessions DROP CONSTRAINT sessions_signed_in_by_check;
ALTER TABLE sessions ADD CONSTRAINT sessions_signed_in_by_check CHECK (signed_in_by IN ('sso', 'mail'));
CREATE FUNCTION sessions_of_deactivated() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM sessions WHERE member_pk = NEW.pk;
    RETURN NULL;
END;
$$;
CREATE TRIGGER sessions_of_deactivated AFTER UPDATE OF active, user_pk ON members FOR EACH ROW
    WHEN (NOT NEW.active OR NEW.user_pk IS DISTINCT FROM OLD.user_pk)
    EXECUTE FUNCTION sessions_of_deactivated();
ALTER TABLE members DROP COLUMN email;
DROP TABLE user_ids_before_proof;
DROP TABLE sso_identities;
DROP TABLE declined_members;
DROP TABLE claims;
DROP TABLE user_address_links;
DROP TABLE user_addresses;
