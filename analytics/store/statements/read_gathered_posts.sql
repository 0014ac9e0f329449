-- brand_posts_without_text, read from what was gathered: in force while nothing has changed since.
CREATE OR REPLACE VIEW brand_posts_without_text AS
SELECT brand, source, post_id, created_at, created_at::DATE AS day, week, author_key,
    coalesce(author_key, 'post:' || source || ':' || post_id) AS voice, kind, lang, language, thread_id, rating, neg, neu, pos, compound,
    (CASE WHEN compound >= 0.05 THEN 1 WHEN compound <= -0.05 THEN -1 WHEN compound IS NOT NULL THEN 0 END)::TINYINT AS vote,
    themes, practices, speaker, copy_group, why_not_scored, why_not_counted, truncated, likes, replies, shares
FROM gathered_posts;
