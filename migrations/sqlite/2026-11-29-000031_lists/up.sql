-- Lists with a filter are read by index, in the order of the rows.
CREATE INDEX members_by_kind ON members (enterprise_pk, role, source, active, pk);
CREATE INDEX organizations_order ON organizations (enterprise_pk, pk);
CREATE INDEX teams_by_source ON teams (enterprise_pk, source, pk);
-- Without pending ones: what asks for those by address or by their end must not be led here.
CREATE INDEX invitations_ended ON invitations (enterprise_pk, state, pk) WHERE state <> 'pending';
CREATE INDEX invitations_pending_order ON invitations (enterprise_pk, pk) WHERE state = 'pending';
CREATE INDEX team_members_by_hand ON team_members (team_pk, by_hand, member_pk) WHERE by_hand;
CREATE INDEX audit_log_action ON audit_log (enterprise_pk, action, at, pk);

-- Members whom a domain of the account captured when they signed up.
CREATE TABLE captured_members (
    member_pk BIGINT PRIMARY KEY NOT NULL REFERENCES members (pk) ON DELETE CASCADE,
    enterprise_pk BIGINT NOT NULL,
    captured_at BIGINT NOT NULL
) WITHOUT ROWID;
CREATE INDEX captured_members_of_account ON captured_members (enterprise_pk, member_pk);
INSERT INTO captured_members (member_pk, enterprise_pk, captured_at)
SELECT members.pk, members.enterprise_pk, MIN(audit_log.at)
FROM audit_log JOIN members ON members.enterprise_pk = audit_log.enterprise_pk
    AND members.id = audit_log.target_id
WHERE audit_log.action = 'member.captured' AND audit_log.target_kind = 'member'
GROUP BY members.pk, members.enterprise_pk;
