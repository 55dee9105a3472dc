-- Requests for more seats, which go to the sales team by mail: kept as long as they count towards the
-- limit of an account.
CREATE TABLE seat_requests (
    pk INTEGER PRIMARY KEY,
    enterprise_pk BIGINT NOT NULL REFERENCES enterprises (pk) ON DELETE CASCADE,
    seats BIGINT NOT NULL CHECK (seats > 0),
    created_at BIGINT NOT NULL
);
CREATE INDEX seat_requests_of_enterprise ON seat_requests (enterprise_pk, created_at);
