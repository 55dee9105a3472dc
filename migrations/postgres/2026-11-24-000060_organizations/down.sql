DROP INDEX invitations_naming_team;
DROP INDEX invitations_naming_organization;
DROP TABLE organization_storage_control;
DROP TABLE storage_control;
DROP TABLE member_activity;
DROP TABLE organization_transfers;
