-- Means are sums of decimals divided once: exact, and so the same in whatever order threads add them.
-- A variance is that of the mean of a bin's voices, by sampling alone; NULL for one voice.
-- One row a 7-day bin on the event's own grid (bin 0 starts on $event_date), before $as_of: what voices said and what was collected.
WITH bins AS (
    SELECT unnest(range(
        floor(date_diff('day', $event_date::DATE, min(day)) / 7.0)::BIGINT,
        floor(date_diff('day', $event_date::DATE, least(max(day) + 1, $as_of::DATE)) / 7.0)::BIGINT)) AS bin
    FROM coverage_daily WHERE brand = $brand AND covered_hours > 0
),
collected AS (
    SELECT floor(date_diff('day', $event_date::DATE, day) / 7.0)::BIGINT AS bin, source,
        count(*) FILTER (status = 'complete') AS complete_days, count(*) FILTER (status = 'capped') AS capped_days,
        sum(covered_hours) AS hours
    FROM coverage_daily WHERE brand = $brand GROUP BY ALL
),
signatures AS (
    SELECT bin, string_agg(source || CASE WHEN complete_days = 7 THEN ' complete' WHEN capped_days = 7 THEN ' capped'
            WHEN hours = 0 AND capped_days = 0 THEN ' none' ELSE ' partial' END, ', ' ORDER BY source) AS collected,
        sum(hours) = 0 AND sum(capped_days) = 0 AS not_collected
    FROM collected GROUP BY bin
),
voices AS (
    SELECT floor(date_diff('day', $event_date::DATE, p.day) / 7.0)::BIGINT AS bin, p.voice,
        100 * sum(s.compound::DECIMAL(18, 6))::DOUBLE / count(*) AS net_trust, 100.0 * max(list_has_any(p.themes, $themes::VARCHAR[])::INTEGER) AS attention,
        sum(p.rating::DECIMAL(18, 6))::DOUBLE / count(p.rating) AS rating
    FROM brand_posts_without_text AS p
    JOIN scores AS s ON s.source = p.source AND s.post_id = p.post_id AND s.scorer = $scorer AND s.version = $version
    WHERE p.brand = $brand AND p.day < $as_of::DATE AND s.compound IS NOT NULL
        AND coalesce(p.why_not_counted, '') NOT IN ('sparse_in_shared_file', 'in another language')
    GROUP BY ALL
),
counted AS (
    SELECT bin, count(*) AS authors, sum(net_trust::DECIMAL(18, 9))::DOUBLE / count(*) AS net_trust,
        sum(attention::DECIMAL(18, 9))::DOUBLE / count(*) AS attention,
        sum(rating::DECIMAL(18, 9))::DOUBLE / count(rating) AS rating,
        count(rating) AS rating_authors,
        greatest(0, sum((net_trust * net_trust)::DECIMAL(18, 8))::DOUBLE - sum(net_trust::DECIMAL(18, 9))::DOUBLE ^ 2 / count(*))
            / nullif(count(*) - 1, 0) / count(*) AS net_trust_variance,
        greatest(0, sum((attention * attention)::DECIMAL(18, 8))::DOUBLE - sum(attention::DECIMAL(18, 9))::DOUBLE ^ 2 / count(*))
            / nullif(count(*) - 1, 0) / count(*) AS attention_variance,
        greatest(0, sum((rating * rating)::DECIMAL(18, 8))::DOUBLE - sum(rating::DECIMAL(18, 9))::DOUBLE ^ 2 / nullif(count(rating), 0))
            / nullif(count(rating) - 1, 0) / nullif(count(rating), 0) AS rating_variance
    FROM voices GROUP BY bin
),
broken AS (
    SELECT DISTINCT floor(date_diff('day', $event_date::DATE, break_date) / 7.0)::BIGINT AS bin FROM source_breaks WHERE brand = $brand
)
SELECT ($event_date::DATE + 7 * b.bin::INTEGER)::DATE AS start, b.bin, coalesce(c.authors, 0) AS authors,
    coalesce(c.rating_authors, 0) AS rating_authors,
    CASE WHEN NOT s.not_collected THEN c.net_trust END AS net_trust,
    CASE WHEN NOT s.not_collected THEN c.attention END AS attention,
    CASE WHEN NOT s.not_collected THEN c.rating END AS rating,
    c.net_trust_variance, c.attention_variance, c.rating_variance,
    coalesce(s.not_collected, true) AS not_collected, s.collected, k.bin IS NOT NULL AS source_break
FROM bins AS b
LEFT JOIN counted AS c ON c.bin = b.bin
LEFT JOIN signatures AS s ON s.bin = b.bin
LEFT JOIN broken AS k ON k.bin = b.bin
ORDER BY b.bin;
