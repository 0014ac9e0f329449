-- Records in quarantine that name a handle. Without a payload the reason is in the words of this program and names nobody.
CREATE OR REPLACE TEMP TABLE found_records AS
SELECT source, file, line, payload FROM quarantine
WHERE source = $source AND payload <> '' AND regexp_matches(concat_ws(' ', reason, payload), $pattern);
