DROP INDEX scim_requests_order;
CREATE INDEX scim_requests_order ON scim_requests (enterprise_pk, at, pk);
CREATE INDEX scim_requests_resource ON scim_requests (enterprise_pk, resource_id, at, pk);
