-- How the administrator wants the domain to be verified; NULL where that was left to the server.
ALTER TABLE domains ADD COLUMN verify_using TEXT
    CHECK (verify_using IN ('unique_record', 'root_record'));
