-- Records in quarantine that name the id of a post that is gone: as their id, or as a word of a record that was not read.
CREATE OR REPLACE TEMP TABLE found_records AS
SELECT q.source, q.file, q.line, q.payload FROM quarantine AS q
WHERE q.source = $source AND EXISTS (
    SELECT 1 FROM gone_posts AS g
    WHERE contains(q.payload, '"id": ' || to_json(g.post_id)::VARCHAR)
        OR (starts_with(q.payload, '{"record"')
            AND list_contains(string_split_regex(q.payload, '[^\p{L}\p{N}_.:/@-]+'), g.post_id)));
