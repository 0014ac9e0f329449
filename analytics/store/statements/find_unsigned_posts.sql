-- Posts that a brand counts, long enough to be a copy, without a signature of this version; in the store's own order, so
-- that the same posts come to the same groups.
SELECT p.source, p.post_id, left(p.text, 2000) AS beginning
FROM posts AS p
WHERE length(p.text) >= $fewest
    AND EXISTS (
        SELECT 1 FROM mentions AS m JOIN brands AS b ON b.brand = m.brand AND b.query_hash = m.query_hash
        WHERE list_contains($brands, m.brand) AND m.source = p.source AND m.post_id = p.post_id)
    AND NOT EXISTS (
        SELECT 1 FROM copy_signatures AS c WHERE c.source = p.source AND c.post_id = p.post_id AND c.version = $version)
LIMIT $most;
