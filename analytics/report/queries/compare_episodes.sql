-- The share of one source's voices that speak of an event's own themes, by seven days from its notice: the newest event beside earlier
-- confirmed ones of the brand and of its peers. Shares of other sources lie elsewhere, so all curves are of one: that on which most spoke
-- of the newest event, of those on which both it and another one were collected. n counts voices; under 10 there is no share.
-- At most the six newest others are told; `others` says how many there are.
WITH told AS (
    SELECT e.brand, e.event_id, e.title, e.themes, e.noticed, e.confirmed, e.brand = $brand AND e.event_id = $event_id AS own,
        -- Where the next event begins its talk must not pass for that of the one before.
        min(e.noticed) OVER (PARTITION BY e.brand ORDER BY e.noticed
            RANGE BETWEEN INTERVAL 1 DAY FOLLOWING AND UNBOUNDED FOLLOWING)::DATE AS next_noticed
    FROM policy_events AS e
    WHERE e.noticed IS NOT NULL AND len(e.themes) > 0
        AND (e.brand = $brand OR e.brand IN (SELECT peer FROM brand_peers WHERE brand = $brand))
),
episodes AS (
    SELECT t.* FROM told AS t
    WHERE t.own OR (t.confirmed AND t.noticed < (SELECT o.noticed FROM told AS o WHERE o.own))
),
bins AS (
    SELECT e.brand, e.event_id, e.own, b.bin, (e.noticed + 7 * b.bin::INTEGER)::DATE AS first_day, (e.noticed + 7 * b.bin::INTEGER + 7)::DATE AS until
    FROM episodes AS e, range(-4, 12) AS b(bin)
    WHERE e.noticed + 7 * b.bin::INTEGER + 7 <= $week::DATE + 7
        AND (b.bin < 0 OR e.next_noticed IS NULL OR e.noticed + 7 * b.bin::INTEGER + 7 <= e.next_noticed)
),
collected AS (
    SELECT b.brand, b.event_id, b.own, b.bin, c.source,
        CASE WHEN count(*) FILTER (c.status = 'complete') = 7 THEN 'complete'
            WHEN sum(c.covered_hours) = 0 AND count(*) FILTER (c.status = 'capped') = 0 THEN 'none' ELSE 'partial' END AS coverage
    FROM bins AS b JOIN coverage_daily AS c ON c.brand = b.brand AND c.day >= b.first_day AND c.day < b.until
    GROUP BY ALL
),
weeks AS (  -- of which anything is asked: the posts of all others are not read
    SELECT DISTINCT brand, unnest(generate_series(date_trunc('week', noticed - 28)::TIMESTAMP, (noticed + 83)::TIMESTAMP, INTERVAL 7 DAY))::DATE AS week
    FROM episodes WHERE EXISTS (SELECT 1 FROM episodes WHERE NOT own)
),
voices AS (
    SELECT e.brand, e.event_id, p.source, floor(date_diff('day', e.noticed, p.day) / 7.0)::BIGINT AS bin, p.voice,
        bool_or(list_has_any(p.themes, e.themes)) AS speaks
    FROM (FROM brand_posts_without_text SEMI JOIN weeks USING (brand, week) WHERE why_not_counted IS NULL) AS p
    JOIN episodes AS e ON p.brand = e.brand AND p.day >= e.noticed - 28 AND p.day < e.noticed + 84
    GROUP BY ALL
),
counted AS (
    SELECT c.*, coalesce(v.authors, 0) AS authors, coalesce(v.authors_all, 0) AS authors_all,
        c.coverage <> 'none' AND coalesce(v.authors_all, 0) >= 10 AS has_share
    FROM collected AS c
    LEFT JOIN (
        SELECT brand, event_id, source, bin, count(*) AS authors_all, count(*) FILTER (speaks) AS authors FROM voices GROUP BY ALL
    ) AS v ON v.brand = c.brand AND v.event_id = c.event_id AND v.source = c.source AND v.bin = c.bin
),
chosen AS (
    SELECT source FROM counted WHERE bin BETWEEN 0 AND 3 GROUP BY source
    HAVING bool_or(own AND has_share) AND bool_or(NOT own AND has_share)
    ORDER BY sum(authors) FILTER (own) DESC, source LIMIT 1
),
kept AS (
    SELECT e.brand, e.event_id, e.title, e.noticed, count(*) FILTER (NOT e.own) OVER () AS others
    FROM episodes AS e
    WHERE EXISTS (
        SELECT 1 FROM counted AS c JOIN chosen USING (source)
        WHERE c.brand = e.brand AND c.event_id = e.event_id AND c.has_share AND c.bin BETWEEN 0 AND 3
    )
    QUALIFY row_number() OVER (ORDER BY NOT e.own, e.noticed DESC, e.brand, e.event_id) <= 7
),
shown AS (
    SELECT c.*, k.title, k.noticed, k.others, c.authors / c.authors_all AS p, 1.959964 ^ 2 / c.authors_all AS z2n
    FROM counted AS c JOIN chosen USING (source) JOIN kept AS k ON k.brand = c.brand AND k.event_id = c.event_id
)
SELECT 'episodes/' || $brand || '/' || $event_id || '/' || s.source || '/' || s.brand || '/' || s.event_id || '/week_' || s.bin AS figure_id,
    s.brand, NULL::DATE AS week, 'event:' || s.event_id AS scope, 'attention_in_episode' AS measure, CASE WHEN s.has_share THEN 100 * s.p END AS value,
    CASE WHEN s.has_share THEN 100 * greatest(0, (s.p + s.z2n / 2 - sqrt(s.z2n * (s.p * (1 - s.p) + s.z2n / 4))) / (1 + s.z2n)) END AS low,
    CASE WHEN s.has_share THEN 100 * least(1, (s.p + s.z2n / 2 + sqrt(s.z2n * (s.p * (1 - s.p) + s.z2n / 4))) / (1 + s.z2n)) END AS high,
    s.authors_all AS n, s.source, s.event_id, s.own, s.bin, s.coverage, s.title, s.noticed, s.others
FROM shown AS s
ORDER BY NOT s.own, s.noticed DESC, s.brand, s.event_id, s.bin;
