-- A keyed mark for each record that is erased. $key: the key of record marks; the same hash as AuthorKeys.record_mark.
INSERT INTO tombstones
SELECT DISTINCT marked.source, marked.record_mark, $moment::TIMESTAMP, 'quarantine'
FROM (
    SELECT source, left(sha256($key || sha256($key || source || chr(0) || payload)), 32) AS record_mark
    FROM found_records WHERE payload <> ''
) AS marked
ANTI JOIN tombstones AS t ON t.source = marked.source AND t.post_mark = marked.record_mark;
