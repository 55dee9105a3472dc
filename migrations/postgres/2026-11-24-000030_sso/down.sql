DROP TRIGGER sessions_of_deactivated ON members;
DROP FUNCTION sessions_of_deactivated;
DROP TABLE sessions;
DROP TABLE sign_in_links;
DROP TABLE sso_replays;
DROP TABLE sso_logins;
DROP TABLE sso_connections;
DROP FUNCTION sso_is_off;
