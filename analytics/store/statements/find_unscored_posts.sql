-- Posts that a brand with these settings counts, in its language or in one that cannot be told, and that this version of
-- the scorer has not read.
SELECT p.source, p.post_id, left(concat_ws(chr(10), p.title, p.text), 20000) AS searched
FROM (
    SELECT DISTINCT m.source, m.post_id
    FROM mentions AS m JOIN brands AS b ON b.brand = m.brand AND b.query_hash = m.query_hash
    LEFT JOIN brand_languages AS l ON l.brand = m.brand
    LEFT JOIN post_origins AS o ON o.source = m.source AND o.post_id = m.post_id
    WHERE list_contains($brands, m.brand) AND coalesce(o.language, 'und') IN ('und', coalesce(l.language, 'en'))
) AS wanted
JOIN posts AS p ON p.source = wanted.source AND p.post_id = wanted.post_id
WHERE NOT EXISTS (
    SELECT 1 FROM scores AS s
    WHERE s.source = wanted.source AND s.post_id = wanted.post_id AND s.scorer = $scorer AND s.version = $version)
LIMIT $most;
