-- One row a brand, source and day with a story: the first one, and how many there were. Only sources of stories and articles, such as news feeds and Hacker News.
-- key: brand, source, day
-- brand: slug of the brand
-- source: where from, as in posts.source
-- day: UTC day
-- stories: how many stories or articles
-- first_at: when the first one stood there, UTC
-- first_title: its title
-- first_url: its address
CREATE OR REPLACE VIEW stories_daily AS
SELECT brand, source, created_at::DATE AS day,
    count(*) AS stories,
    min(created_at) AS first_at,
    arg_min(title, (created_at, post_id)) AS first_title,
    arg_min(url, (created_at, post_id)) AS first_url
FROM brand_posts
WHERE kind IN ('story', 'article')
GROUP BY ALL;
