-- What became of the mail of an invitation. A mail names its invitation; the invitation keeps what
-- became of its newest mail, so that it can be read when the mail is forgotten.
ALTER TABLE mails ADD COLUMN invitation_pk BIGINT REFERENCES invitations (pk) ON DELETE SET NULL;
CREATE INDEX mails_of_invitation ON mails (invitation_pk) WHERE invitation_pk IS NOT NULL;

-- The newest mail. No reference: the mail is forgotten first. All of this is NULL for an invitation
-- whose mail was written by the release before, which did not say whose it was.
ALTER TABLE invitations ADD COLUMN mail_pk BIGINT;
ALTER TABLE invitations ADD COLUMN mail_state TEXT
    CHECK (mail_state IN ('waiting', 'sent', 'refused', 'given_up'));
-- Since when it is so.
ALTER TABLE invitations ADD COLUMN mail_at BIGINT;
ALTER TABLE invitations ADD COLUMN mail_attempts BIGINT NOT NULL DEFAULT 0;
-- Why it has not arrived, in the words of the mail server.
ALTER TABLE invitations ADD COLUMN mail_detail TEXT;
CREATE INDEX invitations_by_mail ON invitations (enterprise_pk, mail_state, pk)
    WHERE state = 'pending';
