-- One row a brand, week, source, kind and language of what is stored, also of what does not count; a week that lies in two months has rows of both.
-- key: brand, week, month, source, kind, language
-- brand: slug of the brand
-- week: Monday of the UTC week
-- month: first day of the UTC month
-- source: where from
-- kind: what sort of text it is: post, comment, review, story …
-- language: the language of its words, NULL where it was not read yet
-- posts: posts that are stored
-- truncated: of these, cut by their source
-- unscored: without a result of the configured scorer, though in the brand's language
-- other_language: in another language than the brand's
-- without_author: whose author is not known
-- official: by the brand itself
-- repeats: with the text of an earlier post of the same week, word for word or nearly; it may be of another source
CREATE OR REPLACE VIEW stored_weekly AS
WITH stored AS NOT MATERIALIZED (
    SELECT brand, week, date_trunc('month', created_at)::DATE AS month, source, kind, language, truncated, why_not_scored, author_key, speaker,
        copy_group IS NOT NULL AND row_number() OVER (PARTITION BY brand, week, copy_group ORDER BY created_at, source, post_id) > 1 AS repeated
    FROM brand_posts_without_text /* SEMI JOIN weeks_to_choose USING (brand, week) */
)
SELECT brand, week, month, source, kind, language, count(*) AS posts, count(*) FILTER (truncated) AS truncated,
    count(*) FILTER (why_not_scored <> 'in another language') AS unscored, count(*) FILTER (why_not_scored = 'in another language') AS other_language,
    count(*) FILTER (author_key IS NULL) AS without_author, count(*) FILTER (speaker = 'official') AS official, count(*) FILTER (repeated) AS repeats
FROM stored
GROUP BY brand, week, month, source, kind, language;
