DROP TABLE git_projects;
DROP TABLE projects;
