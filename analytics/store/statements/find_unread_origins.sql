-- Posts that a brand counts and whose language and speaker this version has not read. Their beginning is enough.
SELECT p.source, p.post_id, left(concat_ws(chr(10), p.title, p.text), 2000) AS beginning
FROM (
    SELECT DISTINCT m.source, m.post_id
    FROM mentions AS m JOIN brands AS b ON b.brand = m.brand AND b.query_hash = m.query_hash
    WHERE list_contains($brands, m.brand)
) AS wanted
JOIN posts AS p ON p.source = wanted.source AND p.post_id = wanted.post_id
WHERE NOT EXISTS (
    SELECT 1 FROM post_origins AS o
    WHERE o.source = wanted.source AND o.post_id = wanted.post_id AND o.version = $version)
LIMIT $most;
