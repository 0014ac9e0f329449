-- A keyed mark for each forgotten author key. $key: the key of author marks; the same hash as AuthorKeys.author_mark.
MERGE INTO suppressed_authors
USING (
    SELECT source, left(sha256($key || sha256($key || author_key)), 32) AS author_mark, $moment::TIMESTAMP AS suppressed_at
    FROM forgotten_keys
) AS given
USING (source, author_mark)
WHEN NOT MATCHED THEN INSERT BY NAME;
