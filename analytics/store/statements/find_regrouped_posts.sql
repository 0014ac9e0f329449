-- Gathered posts that have come into a group of copies, and whether another post of that group, or of the one that they
-- leave, is less than 7 days away: only then does it matter to a week, or a bin, in which group they are.
CREATE OR REPLACE TEMP TABLE regrouped_posts AS
WITH moved AS MATERIALIZED (
    SELECT g.source, g.post_id, g.created_at, g.copy_group AS former, j.copy_group
    FROM gathered_posts AS g JOIN joined_posts AS j ON j.source = g.source AND j.post_id = g.post_id
),
members AS (
    SELECT source, post_id, created_at, copy_group FROM gathered_posts
    WHERE copy_group IN (SELECT former FROM moved UNION SELECT copy_group FROM moved)
    UNION
    SELECT source, post_id, created_at, copy_group FROM moved
),
near AS (
    SELECT DISTINCT m.source, m.post_id
    FROM (SELECT source, post_id, created_at, unnest([former, copy_group]) AS copy_group FROM moved) AS m
    JOIN members AS o ON o.copy_group = m.copy_group AND (o.source, o.post_id) <> (m.source, m.post_id)
        AND o.created_at > m.created_at - INTERVAL 7 DAY AND o.created_at < m.created_at + INTERVAL 7 DAY
)
SELECT DISTINCT m.source, m.post_id, m.copy_group, n.post_id IS NOT NULL AS beside_another
FROM moved AS m LEFT JOIN near AS n ON n.source = m.source AND n.post_id = m.post_id;
