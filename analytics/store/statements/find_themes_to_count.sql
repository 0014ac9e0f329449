-- What counting asks of posts that few have: their themes, of all posts.
CREATE OR REPLACE TEMP TABLE themes_of_posts AS
SELECT pt.source, pt.post_id, list(pt.theme) AS themes, bool_or(t.practices) AS practices
FROM post_themes AS pt JOIN themes AS t USING (taxonomy_version, theme)
WHERE pt.taxonomy_version = (SELECT taxonomy_version FROM brands WHERE brand = $brand)
GROUP BY pt.source, pt.post_id;
