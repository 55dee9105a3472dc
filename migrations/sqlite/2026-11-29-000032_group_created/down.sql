ALTER TABLE teams DROP COLUMN group_created_at;
