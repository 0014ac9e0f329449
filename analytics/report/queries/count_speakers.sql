-- Who speaks on data and AI practices, by what their own words say of them: voices in four weeks of the event and in the last four weeks.
WITH periods AS (
    SELECT 'now' AS period, $week - INTERVAL 21 DAY AS since, $week + INTERVAL 7 DAY AS until
    UNION ALL
    SELECT 'event', $event_week::DATE, $event_week::DATE + INTERVAL 28 DAY
),
ranked AS (
    -- One voice is one speaker: the most telling thing that any of its posts says.
    SELECT b.period, b.voice, min(list_position(['official', 'press', 'leaving', 'administrator', 'customer', 'unknown'], b.speaker)) AS place
    FROM (
        SELECT 'now' AS period, voice, speaker FROM brand_posts_without_text
        WHERE brand = $brand AND practices AND why_not_counted IS NULL AND week BETWEEN $week - 21 AND $week
        UNION ALL
        SELECT 'event', voice, speaker FROM brand_posts_without_text
        WHERE brand = $brand AND practices AND why_not_counted IS NULL AND week <= $week AND week BETWEEN $event_week::DATE AND $event_week::DATE + 27
    ) AS b
    GROUP BY b.period, b.voice
),
counted AS (
    SELECT period, ['official', 'press', 'leaving', 'administrator', 'customer', 'unknown'][place] AS speaker, count(*) AS voices,
        sum(count(*)) OVER (PARTITION BY period) AS all_voices
    FROM ranked GROUP BY period, place
)
SELECT 'speakers/' || $brand || '/' || $week || '/' || speaker || '/' || period AS figure_id, $brand AS brand, $week AS week,
    speaker AS scope, 'speakers_' || period AS measure, voices::DOUBLE AS value, NULL::DOUBLE AS low, NULL::DOUBLE AS high,
    all_voices::BIGINT AS n, period
FROM counted
ORDER BY figure_id;
