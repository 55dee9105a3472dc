ALTER TABLE domains DROP COLUMN verify_using;
