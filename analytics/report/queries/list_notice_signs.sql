-- When each signal that is none of the tested posts first left its usual range around an event: from its earliest date
-- to two weeks after the tested day. A signal without an unusual day is a row without a day; n counts the days looked at.
WITH event AS (
    SELECT event_id, coalesce(noticed, effective, clause_first_seen) AS tested,
        least(coalesce(clause_first_seen, effective, noticed), coalesce(effective, clause_first_seen, noticed),
            coalesce(noticed, effective, clause_first_seen)) AS earliest
    FROM policy_events
    WHERE brand = $brand AND coalesce(noticed, effective, clause_first_seen) = $event_date
    ORDER BY event_id LIMIT 1
),
looked_at AS (
    SELECT s.name, s.day, s.value, s.usual, s.unusual
    FROM signals_daily AS s, event AS e
    WHERE s.brand = $brand AND s.kind = 'attention' AND s.day BETWEEN e.earliest - INTERVAL 14 DAY AND e.tested + INTERVAL 14 DAY
)
SELECT 'notice/' || $brand || '/' || name AS figure_id, $brand AS brand, NULL::DATE AS week, name AS scope,
    'first_unusual_day' AS measure, min(day) FILTER (unusual) AS first_day,
    arg_min(value, day) FILTER (unusual) AS value, NULL::DOUBLE AS low, NULL::DOUBLE AS high, count(*) AS n,
    arg_min(usual, day) FILTER (unusual) AS usual
FROM looked_at GROUP BY name ORDER BY name;
