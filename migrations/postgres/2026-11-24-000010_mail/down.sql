DROP INDEX invitations_due;
DROP TABLE jobs;
DROP TRIGGER outbox_moves ON outbox;
DROP FUNCTION move_mail();
INSERT INTO outbox (enterprise_pk, recipient, subject, body, created_at, sent_at)
    SELECT enterprise_pk, recipient, subject, body, created_at, sent_at
    FROM mails WHERE enterprise_pk IS NOT NULL AND failed_at IS NULL ORDER BY pk;
DROP TABLE mails;
