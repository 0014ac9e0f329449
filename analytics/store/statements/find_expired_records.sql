-- Records in quarantine whose time is over.
CREATE OR REPLACE TEMP TABLE found_records AS
SELECT source, file, line, payload FROM quarantine WHERE expires_at < $moment;
