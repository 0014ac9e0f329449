-- Posts that are cut, in another language, not scored, without an author, repeated or the brand's own, posts erased since they
-- were stored, whenever they were written, and rows that were set aside unread.
WITH stored AS NOT MATERIALIZED (SELECT * FROM brand_posts_without_text WHERE brand = $brand AND week BETWEEN $since AND $week),
copies AS (
    SELECT count(copy_group) - count(DISTINCT copy_group) AS copies FROM stored
),
counted AS (
    SELECT count(*)::DOUBLE AS posts, count(*) FILTER (truncated)::DOUBLE AS truncated,
        count(*) FILTER (why_not_scored <> 'in another language')::DOUBLE AS unscored,
        count(*) FILTER (why_not_scored = 'in another language')::DOUBLE AS other_language,
        count(*) FILTER (author_key IS NULL)::DOUBLE AS without_author,
        count(*) FILTER (speaker = 'official')::DOUBLE AS official,
        (SELECT copies FROM copies)::DOUBLE AS copies,
        (SELECT coalesce(sum(posts), 0) FROM brand_purges WHERE brand = $brand)::DOUBLE AS erased,
        (SELECT count(*) FROM quarantine WHERE source IN (SELECT source FROM coverage WHERE brand = $brand))::DOUBLE AS quarantined
    FROM stored
)
SELECT 'left_out/' || $brand || '/' || $week || '/all/' || measure AS figure_id, $brand AS brand, $week AS week, 'all' AS scope,
    measure, value, NULL::DOUBLE AS low, NULL::DOUBLE AS high, NULL::BIGINT AS n
FROM counted UNPIVOT (value FOR measure IN (posts, truncated, unscored, other_language, without_author, official, copies, erased, quarantined))
ORDER BY figure_id;
