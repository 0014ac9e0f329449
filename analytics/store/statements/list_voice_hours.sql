-- Who spoke of a brand in which hour since a time, with the mean score of it. The brand's own posts are not others' volume.
SELECT source, epoch(date_trunc('hour', created_at))::BIGINT // 3600 AS hour, hash(voice) AS voice,
    sum(compound::DECIMAL(18, 6)) FILTER (why_not_counted IS NULL)::DOUBLE / count(compound) FILTER (why_not_counted IS NULL) AS compound
FROM brand_posts_without_text
WHERE brand = $brand AND created_at >= $since AND created_at < $until AND speaker <> 'official'
GROUP BY ALL ORDER BY ALL;
