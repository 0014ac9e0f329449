-- Means are sums of decimals divided once: exact, and so the same in whatever order threads add them.
-- A variance is that of the mean of a bin's voices, by sampling alone; NULL for one voice. What voices said is counted before.
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
counted AS (
    SELECT date_diff('day', $event_date::DATE, start) // 7 AS bin, authors, rating_authors, net_trust / authors AS net_trust,
        attention / authors AS attention, rating / nullif(rating_authors, 0) AS rating,
        greatest(net_trust_squares - net_trust * net_trust / authors, 0) / nullif(authors - 1, 0) / authors AS net_trust_variance,
        greatest(attention_squares - attention * attention / authors, 0) / nullif(authors - 1, 0) / authors AS attention_variance,
        greatest(rating_squares - rating * rating / nullif(rating_authors, 0), 0) / nullif(rating_authors - 1, 0) / nullif(rating_authors, 0) AS rating_variance
    FROM voice_bins WHERE brand = $brand AND counted_by = $counted_by AND kind = 'all'
        AND start + 7 <= $as_of::DATE AND date_diff('day', $event_date::DATE, start) % 7 = 0
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
