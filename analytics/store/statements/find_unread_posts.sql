-- Where posts stand that a brand counts and of which {table} has nothing of this version, which stands in its {column}.
SELECT p.rowid AS place
FROM posts AS p /* SEMI JOIN waiting_to_read USING (source, post_id) */
SEMI JOIN (
    SELECT m.source, m.post_id
    FROM mentions AS m /* SEMI JOIN waiting_to_read USING (brand, source, post_id) */ JOIN brands AS b ON b.brand = m.brand AND b.query_hash = m.query_hash
    WHERE list_contains($brands, m.brand)
) AS wanted ON p.source = wanted.source AND p.post_id = wanted.post_id
ANTI JOIN (
    SELECT source, post_id FROM {table} /* SEMI JOIN waiting_to_read USING (source, post_id) */ WHERE {column} = $version
) AS l ON l.source = p.source AND l.post_id = p.post_id;
