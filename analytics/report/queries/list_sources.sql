-- What was collected from each source since the first week shown: days by how they were covered, posts, and what is flagged.
WITH last_asked AS (SELECT max(day) AS day FROM coverage_daily WHERE brand = $brand AND day >= $since AND day < $week + INTERVAL 7 DAY),
after_all AS (  -- days of the time shown after whatever was asked for, in so far as they are over: they are in no row
    SELECT coalesce(greatest($until::DATE - (day + 1), 0), 0) AS days,
        coalesce(greatest($until::DATE - greatest(day + 1, $week::DATE), 0), 0) AS days_this_week
    FROM last_asked
),
days AS (
    SELECT source, count(*) FILTER (status = 'complete') AS days_complete, count(*) FILTER (status = 'capped') AS days_capped,
        count(*) FILTER (status = 'partial') AS days_partial, count(*) FILTER (status = 'failed') AS days_failed,
        count(*) FILTER (status = 'never_asked') + (SELECT days FROM after_all) AS days_never_asked, count(*) FILTER (status = 'not_separable') AS days_not_separable,
        count(*) FILTER (status <> 'complete' AND day >= $week) + (SELECT days_this_week FROM after_all) AS days_missing_this_week
    FROM coverage_daily WHERE brand = $brand AND day >= $since AND day < $week + INTERVAL 7 DAY GROUP BY source
),
stored AS (
    SELECT source, count(*) AS posts FROM brand_posts_without_text
    WHERE brand = $brand AND week BETWEEN $since AND $week GROUP BY source
),
wide AS (
    SELECT d.*, coalesce(s.posts, 0) AS posts FROM days AS d LEFT JOIN stored AS s USING (source)
)
SELECT 'sources/' || $brand || '/' || $week || '/' || w.source || '/' || w.name AS figure_id, $brand AS brand, $week AS week,
    w.source AS scope, w.name AS measure, w.value::DOUBLE AS value, NULL::DOUBLE AS low, NULL::DOUBLE AS high, NULL::BIGINT AS n,
    coalesce((SELECT list({'flag': f.flag, 'detail': f.detail} ORDER BY f.flag) FROM source_flags AS f
        WHERE f.brand = $brand AND f.source = w.source), []) AS flags,
    coalesce((SELECT list({'day': k.break_date, 'note': k.note} ORDER BY k.break_date) FROM source_breaks AS k
        WHERE k.brand = $brand AND k.source = w.source AND k.break_date < $week + INTERVAL 7 DAY), []) AS breaks
FROM wide UNPIVOT (value FOR name IN (days_complete, days_capped, days_partial, days_failed, days_never_asked,
    days_not_separable, days_missing_this_week, posts)) AS w
ORDER BY w.source, w.name;
