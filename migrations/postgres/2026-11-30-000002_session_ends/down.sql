DROP TRIGGER session_ends_of_session ON sessions;
DROP FUNCTION session_ends_of_session;
DROP TRIGGER session_ends_of_removed ON members;
DROP FUNCTION session_ends_of_removed;
DROP TABLE session_ends;
