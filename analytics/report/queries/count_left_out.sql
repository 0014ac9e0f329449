-- Posts that are cut, in another language, not scored, without an author, repeated within their week or the brand's own, posts erased since
-- they were stored, whenever they were written, and rows that were set aside unread.
WITH counted AS (
    SELECT coalesce(sum(posts), 0)::DOUBLE AS posts, coalesce(sum(truncated), 0)::DOUBLE AS truncated,
        coalesce(sum(unscored), 0)::DOUBLE AS unscored, coalesce(sum(other_language), 0)::DOUBLE AS other_language,
        coalesce(sum(without_author), 0)::DOUBLE AS without_author, coalesce(sum(official), 0)::DOUBLE AS official,
        coalesce(sum(repeats), 0)::DOUBLE AS copies,
        (SELECT coalesce(sum(posts), 0) FROM brand_purges WHERE brand = $brand)::DOUBLE AS erased,
        (SELECT count(*) FROM quarantine WHERE source IN (SELECT source FROM coverage WHERE brand = $brand))::DOUBLE AS quarantined
    FROM stored_weekly WHERE brand = $brand AND week BETWEEN $since AND $week
)
SELECT 'left_out/' || $brand || '/' || $week || '/all/' || measure AS figure_id, $brand AS brand, $week AS week, 'all' AS scope,
    measure, value, NULL::DOUBLE AS low, NULL::DOUBLE AS high, NULL::BIGINT AS n
FROM counted UNPIVOT (value FOR measure IN (posts, truncated, unscored, other_language, without_author, official, copies, erased, quarantined))
ORDER BY figure_id;
