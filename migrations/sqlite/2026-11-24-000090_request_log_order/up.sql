-- Nearly every request that is logged is about another resource, so that an index on it is written at
-- a place of its own for each: it cost more than the rows. In the order of time all are appended; a
-- search for a resource reads that index, without the rows of the others.
DROP INDEX scim_requests_resource;
DROP INDEX scim_requests_order;
CREATE INDEX scim_requests_order ON scim_requests (enterprise_pk, at, pk, resource_id);
