-- The posts of every brand that are not gathered.
CREATE OR REPLACE TEMP TABLE posts_to_gather AS
SELECT m.brand, m.source, m.post_id, row_number() OVER () AS place
FROM mentions AS m /* SEMI JOIN waiting_to_gather USING (brand, source, post_id) */
JOIN brands AS b ON b.brand = m.brand AND b.query_hash = m.query_hash
ANTI JOIN (FROM gathered_posts /* SEMI JOIN waiting_to_gather USING (brand, source, post_id) */) AS g ON g.brand = m.brand AND g.source = m.source AND g.post_id = m.post_id;
