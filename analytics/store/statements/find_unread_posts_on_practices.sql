-- Where posts stand that a brand counts, that speak of data or AI practices, and of which {table} has nothing of this version.
SELECT p.rowid AS place
FROM posts AS p /* SEMI JOIN waiting_to_read USING (source, post_id) */
SEMI JOIN (
    SELECT m.source, m.post_id
    FROM mentions AS m /* SEMI JOIN waiting_to_read USING (brand, source, post_id) */ JOIN brands AS b ON b.brand = m.brand AND b.query_hash = m.query_hash
    JOIN (FROM post_themes /* SEMI JOIN waiting_to_read USING (source, post_id) */) AS t ON t.source = m.source AND t.post_id = m.post_id AND t.taxonomy_version = b.taxonomy_version
    JOIN themes AS n ON n.taxonomy_version = t.taxonomy_version AND n.theme = t.theme
    WHERE list_contains($brands, m.brand) AND n.practices
) AS wanted ON p.source = wanted.source AND p.post_id = wanted.post_id
ANTI JOIN (
    SELECT source, post_id FROM {table} /* SEMI JOIN waiting_to_read USING (source, post_id) */ WHERE version = $version
) AS r ON r.source = p.source AND r.post_id = p.post_id;
