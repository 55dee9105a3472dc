-- The few who are responsible for an account are found without reading its members.
CREATE INDEX members_responsible ON members (enterprise_pk, role, pk)
    WHERE role IN ('owner', 'co-owner');
