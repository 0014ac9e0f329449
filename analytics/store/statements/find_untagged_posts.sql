-- Posts that a brand counts and that this version of the taxonomy has not read.
SELECT p.source, p.post_id, left(concat_ws(chr(10), p.title, p.text), 20000) AS searched
FROM (
    SELECT DISTINCT m.source, m.post_id
    FROM mentions AS m JOIN brands AS b ON b.brand = m.brand AND b.query_hash = m.query_hash
    WHERE list_contains($brands, m.brand)
) AS wanted
JOIN posts AS p ON p.source = wanted.source AND p.post_id = wanted.post_id
WHERE NOT EXISTS (
    SELECT 1 FROM tagged_posts AS t
    WHERE t.source = wanted.source AND t.post_id = wanted.post_id AND t.taxonomy_version = $version)
LIMIT $most;
