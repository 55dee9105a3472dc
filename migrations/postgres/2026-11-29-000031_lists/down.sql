DROP TABLE captured_members;
DROP INDEX audit_log_action;
DROP INDEX team_members_by_hand;
DROP INDEX invitations_pending_order;
DROP INDEX invitations_ended;
DROP INDEX teams_by_source;
DROP INDEX organizations_order;
DROP INDEX members_by_kind;
