-- A keyed mark for each forgotten author key. $key: the key of author marks; the same hash as AuthorKeys.author_mark.
INSERT INTO suppressed_authors
SELECT source, left(sha256($key || sha256($key || author_key)), 32), $moment::TIMESTAMP FROM forgotten_keys
ON CONFLICT DO NOTHING;
