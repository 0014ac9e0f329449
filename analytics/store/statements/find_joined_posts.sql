-- Stored posts alone so far to which a copy has come, and their group: the one that they found, or another that it joined.
CREATE OR REPLACE TEMP TABLE joined_posts AS
SELECT c.source, c.post_id, min(g.copy_group) AS copy_group
FROM (
    SELECT source, post_id, unnest(bands) AS band FROM copy_signatures WHERE copy_group IS NULL AND version = $version
) AS c
JOIN (SELECT row, unnest(bands) AS band FROM found_rows) AS f USING (band)
JOIN found_groups AS g ON g.row = f.row
GROUP BY c.source, c.post_id;
