-- Which arriving posts that are stored speak of the brand for the first time. {matched}: all, or those in matched_posts.
-- A post that is new itself has no mention yet: only for the others are those searched that there are.
CREATE OR REPLACE TEMP TABLE new_mentions AS
SELECT DISTINCT a.source, a.post_id, date_trunc('week', a.created_at)::DATE AS week
FROM (SELECT place, source, post_id, created_at FROM arriving_posts WHERE {matched}) AS a
SEMI JOIN new_posts AS n ON n.source = a.source AND n.post_id = a.post_id;
