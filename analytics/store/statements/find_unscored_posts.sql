-- Where posts stand that a brand with these settings counts, in its language or in one that cannot be told, and that this
-- version of the scorer has not read. Posts in other languages are few: they are what is remembered, not all the others.
SELECT p.rowid AS place
FROM posts AS p /* SEMI JOIN waiting_to_read USING (source, post_id) */
SEMI JOIN (
    SELECT m.source, m.post_id
    FROM mentions AS m /* SEMI JOIN waiting_to_read USING (brand, source, post_id) */ JOIN brands AS b ON b.brand = m.brand AND b.query_hash = m.query_hash
    ANTI JOIN (
        SELECT s.brand, o.source, o.post_id
        FROM post_languages AS o /* SEMI JOIN waiting_to_read USING (source, post_id) */
        JOIN (SELECT brand, coalesce(l.language, 'en') AS own FROM brands LEFT JOIN brand_languages AS l USING (brand)) AS s
            ON o.language NOT IN ('und', s.own)
        WHERE list_contains($brands, s.brand)
    ) AS f ON f.brand = m.brand AND f.source = m.source AND f.post_id = m.post_id
    WHERE list_contains($brands, m.brand)
) AS wanted ON p.source = wanted.source AND p.post_id = wanted.post_id
ANTI JOIN (
    SELECT source, post_id FROM scores /* SEMI JOIN waiting_to_read USING (source, post_id) */ WHERE scorer = $scorer AND version = $version
) AS s ON s.source = p.source AND s.post_id = p.post_id;
