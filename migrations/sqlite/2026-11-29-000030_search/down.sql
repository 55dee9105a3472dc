DROP INDEX activation_codes_by_customer;
DROP INDEX invitations_by_address;
DROP TABLE search_terms;
