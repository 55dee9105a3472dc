DROP TABLE ownership_links;
