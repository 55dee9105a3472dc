-- A person's own organizations are read in pages, in the order of their rows: of an account that is
-- theirs, and those that they reach directly. Through teams the keys of the tables have that order.
CREATE INDEX organizations_of_account_in_order ON organizations (enterprise_pk, pk);
CREATE INDEX organization_members_in_order ON organization_members (member_pk, organization_pk);
