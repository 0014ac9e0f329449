-- Where posts stand that a brand with these settings counts, in its language or in one that cannot be told, and that this
-- version of the scorer has not read.
SELECT p.rowid AS place
FROM posts AS p
SEMI JOIN (
    SELECT m.source, m.post_id
    FROM mentions AS m JOIN brands AS b ON b.brand = m.brand AND b.query_hash = m.query_hash
    LEFT JOIN brand_languages AS l ON l.brand = m.brand
    LEFT JOIN post_languages AS o ON o.source = m.source AND o.post_id = m.post_id
    WHERE list_contains($brands, m.brand) AND coalesce(o.language, 'und') IN ('und', coalesce(l.language, 'en'))
) AS wanted ON p.source = wanted.source AND p.post_id = wanted.post_id
ANTI JOIN (
    SELECT source, post_id FROM scores WHERE scorer = $scorer AND version = $version
) AS s ON s.source = p.source AND s.post_id = p.post_id;
