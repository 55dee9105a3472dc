DROP TABLE content_imports;
DROP TABLE workspaces;
