CREATE OR REPLACE TEMP TABLE posts_in_another_language AS
SELECT source, post_id FROM post_languages
WHERE language NOT IN ('und', coalesce((SELECT language FROM brand_languages WHERE brand = $brand), 'en'));
