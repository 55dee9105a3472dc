DROP INDEX invitations_by_mail;
ALTER TABLE invitations DROP COLUMN mail_detail;
ALTER TABLE invitations DROP COLUMN mail_attempts;
ALTER TABLE invitations DROP COLUMN mail_at;
ALTER TABLE invitations DROP COLUMN mail_state;
ALTER TABLE invitations DROP COLUMN mail_pk;
DROP INDEX mails_of_invitation;
ALTER TABLE mails DROP COLUMN invitation_pk;
