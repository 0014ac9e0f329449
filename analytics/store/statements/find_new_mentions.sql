-- Which arriving posts that are stored speak of the brand for the first time. {matched}: all, or those in matched_posts.
-- A post that is new itself has no mention yet: only for the others are those searched that there are.
CREATE OR REPLACE TEMP TABLE new_mentions AS
SELECT source, post_id, date_trunc('week', created_at)::DATE AS week
FROM arriving_posts WHERE ({matched}) AND place IN (SELECT place FROM new_posts);
