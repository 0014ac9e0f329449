-- The posts of the brand that were not matched to its claims yet.
CREATE OR REPLACE TEMP TABLE posts_to_match AS
SELECT m.source, m.post_id
FROM mentions AS m
JOIN brands AS b ON b.brand = m.brand AND b.query_hash = m.query_hash
ANTI JOIN (
    SELECT source, post_id FROM posts_matched_to_claims WHERE brand = $brand AND claims_hash = $claims_hash
) AS k ON k.source = m.source AND k.post_id = m.post_id
WHERE m.brand = $brand;
