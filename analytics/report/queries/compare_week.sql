-- The week against its usual weeks, source by source. The usual weeks are those of measure_usual, here taken together: what
-- their median differs from that is told beside the parts. A source's part of the distance is what it says now less what it usually says, by the mean
-- of its two shares of the voices; mix is what the shares did (Kitagawa 1955, JASA 50(272)). Parts and mix add up to the distance.
-- as_far: how many usual weeks lie as far from their median as this week does, on its side. Posts are counted as they stand now.
WITH usual_weeks AS (
    SELECT week, net_trust FROM trust_weekly
    WHERE brand = $brand AND scope = 'all' AND authors >= 10 AND coverage <> 'none' AND week >= $anchor - INTERVAL 364 DAY AND week < $anchor
),
this_week AS (SELECT net_trust FROM trust_weekly WHERE brand = $brand AND scope = 'all' AND week = $week),
counted AS (
    SELECT source, coalesce(sum(authors) FILTER (week = $week), 0) AS now_n, sum(positive - negative) FILTER (week = $week) AS now_sum,
        sum(positive + negative) FILTER (week = $week) AS now_spoken,
        coalesce(sum(authors) FILTER (week < $anchor), 0) AS usual_n, sum(positive - negative) FILTER (week < $anchor) AS usual_sum
    FROM source_weekly
    WHERE brand = $brand AND (week = $week OR week IN (SELECT week FROM usual_weeks))
    GROUP BY source
),
shares AS (
    SELECT *, 100.0 * now_sum / nullif(now_n, 0) AS now, 100.0 * usual_sum / nullif(usual_n, 0) AS usual,
        now_n / sum(now_n) OVER () AS now_share, usual_n / sum(usual_n) OVER () AS usual_share,
        -- the standard error of a mean of votes, which are −1, 0 or 1
        CASE WHEN now_n >= 10 THEN 196 * sqrt(greatest(0, (now_spoken - now_sum ^ 2 / now_n) / now_n ^ 2)) END AS half
    FROM counted
    WHERE now_n + usual_n > 0 AND (SELECT count(*) FROM usual_weeks) >= 4 AND (SELECT sum(now_n) FROM counted) >= 10
),
parts AS (
    SELECT *, (now_share + usual_share) / 2 * (coalesce(now, usual) - coalesce(usual, now)) AS part,
        (now_share - usual_share) * (coalesce(now, usual) + coalesce(usual, now)) / 2 AS mix
    FROM shares
),
whole AS (
    SELECT sum(now_n)::BIGINT AS n, 100.0 * sum(now_sum) / sum(now_n) AS now, sum(usual_n)::BIGINT AS usual_n,
        100.0 * sum(usual_sum) / sum(usual_n) AS usual,
        list_sum(list(mix ORDER BY source)) AS mix  -- in one order: the same sum to its last digit
    FROM parts HAVING count(*) > 0
),
told AS (
    SELECT source, 'now' AS measure, now AS value, greatest(-100, now - half) AS low, least(100, now + half) AS high, now_n::BIGINT AS n FROM parts
    UNION ALL SELECT source, 'usual', usual, NULL, NULL, usual_n::BIGINT FROM parts
    UNION ALL SELECT source, 'part', part, NULL, NULL, now_n::BIGINT FROM parts
    UNION ALL SELECT '', 'usual', usual, NULL, NULL, usual_n FROM whole
    UNION ALL SELECT '', 'mix', mix, NULL, NULL, n FROM whole
    UNION ALL SELECT '', 'distance', now - usual, NULL, NULL, n FROM whole
    UNION ALL
    SELECT '', 'as_far', count(*) FILTER (abs(u.net_trust - m.usual) >= abs(t.net_trust - m.usual) AND sign(u.net_trust - m.usual) = sign(t.net_trust - m.usual)), NULL, NULL, count(*)
    FROM usual_weeks AS u, this_week AS t, (SELECT median(net_trust) AS usual FROM usual_weeks) AS m
    WHERE EXISTS (FROM whole) HAVING count(*) > 0
)
SELECT 'week_parts/' || $brand || '/' || $week || '/' || source || '/' || measure AS figure_id, $brand AS brand, $week AS week,
    source AS scope, measure, value::DOUBLE AS value, low::DOUBLE AS low, high::DOUBLE AS high, n
FROM told
ORDER BY figure_id;
