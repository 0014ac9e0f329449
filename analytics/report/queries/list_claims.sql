-- Belief against text: the share of author-weeks that voice each claim in the last four weeks and in four weeks of its event, and what the terms had of it.
WITH periods AS (
    SELECT 'now' AS period, $week - INTERVAL 21 DAY AS since, $week + INTERVAL 7 DAY AS until
    UNION ALL
    SELECT 'event', $event_week::DATE, $event_week::DATE + INTERVAL 28 DAY
),
counted AS (
    SELECT w.brand, w.claim, p.period, sum(w.authors) AS authors, sum(w.authors_all) AS authors_all,
        sum(w.authors) / sum(w.authors_all) AS p, 1.959964 ^ 2 / sum(w.authors_all) AS z2n
    FROM claims_weekly AS w JOIN periods AS p ON w.week >= p.since AND w.week < p.until
    WHERE w.brand = $brand AND w.week <= $week AND w.authors_all > 0
    GROUP BY w.brand, w.claim, p.period
),
at_end AS (
    SELECT claim, max_by(clause_at_end, week) AS clause FROM claims_weekly WHERE brand = $brand AND week <= $week GROUP BY claim
)
SELECT 'claims/' || $brand || '/' || $week || '/' || c.claim || '/' || k.period AS figure_id, $brand AS brand, $week AS week,
    c.claim AS scope, 'claim_share_' || k.period AS measure, 100 * k.p AS value,
    CASE WHEN k.authors_all >= 10 THEN 100 * greatest(0, (k.p + k.z2n / 2 - sqrt(k.z2n * (k.p * (1 - k.p) + k.z2n / 4))) / (1 + k.z2n)) END AS low,
    CASE WHEN k.authors_all >= 10 THEN 100 * least(1, (k.p + k.z2n / 2 + sqrt(k.z2n * (k.p * (1 - k.p) + k.z2n / 4))) / (1 + k.z2n)) END AS high,
    k.authors_all::BIGINT AS n, k.authors::BIGINT AS authors, k.period, c.place, c.says, c.status, c.since, c.until, c.checked_by,
    c.checked_on, c.document, coalesce(a.clause, 'no_text') AS clause, coalesce(t.quotations_at_event, []) AS quotations,
    t.event_date, t.clause_at_event
FROM claims AS c
LEFT JOIN counted AS k ON k.claim = c.claim
LEFT JOIN at_end AS a ON a.claim = c.claim
LEFT JOIN claims_against_text AS t ON t.brand = c.brand AND t.claim = c.claim AND t.event_date < $week + INTERVAL 7 DAY
WHERE c.brand = $brand
ORDER BY c.place, k.period;
