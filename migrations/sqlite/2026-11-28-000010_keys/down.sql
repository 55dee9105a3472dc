DROP TABLE name_conflicts;
DROP TABLE key_versions;
