-- From posts to the press: stories and articles on the event's themes in its 28 days, the outlets (sites) that brought them, and how long
-- after the posts. Lags are hours; the one of the halves needs ten posts and five stories. n counts what a number stands on.
WITH about AS (
    SELECT b.kind IN ('story', 'article') AS press, b.created_at, b.day, b.source, b.post_id,
        datediff('day', $event_date::DATE, b.day) // 7 AS seven,
        coalesce(nullif(regexp_extract(b.url, '^https?://(?:www\.)?([^/:?#]+)', 1), ''), b.source) AS outlet,
        len($event_themes) = 0 OR list_has_any(b.themes, $event_themes) AS on_themes,
        {'post_id': b.post_id, 'source': b.source, 'day': b.day, 'title': left(b.title, 400), 'text': left(b.text, 2000),
            'cut': length(b.text) > 2000, 'url': b.url, 'value': coalesce(b.likes, 0) + coalesce(b.replies, 0) + coalesce(b.shares, 0),
            'compound': b.compound, 'rating': b.rating, 'themes': b.themes} AS post
    FROM brand_posts AS b
    WHERE b.brand = $brand AND b.created_at >= $event_date::DATE AND b.created_at < $event_date::DATE + INTERVAL 28 DAY
        AND b.created_at < $week + INTERVAL 7 DAY
),
days AS (
    SELECT day::DATE AS day, datediff('day', $event_date::DATE, day::DATE) // 7 AS seven
    FROM range($event_date::TIMESTAMP, least($event_date::DATE + INTERVAL 28 DAY, $week + INTERVAL 7 DAY)::TIMESTAMP, INTERVAL 1 DAY) AS r(day)
),
by_day AS (
    SELECT d.day, d.seven, count(*) FILTER (a.on_themes AND NOT a.press) AS posts, count(*) FILTER (a.on_themes AND a.press) AS stories,
        count(DISTINCT a.outlet) FILTER (a.on_themes AND a.press) AS outlets
    FROM days AS d LEFT JOIN about AS a ON a.day = d.day GROUP BY d.day, d.seven
),
by_seven AS (
    SELECT seven, count(*) AS days, sum(posts) AS posts, sum(stories) AS stories, avg(outlets) AS outlets_mean, max(outlets) AS outlets_most
    FROM by_day GROUP BY seven
),
whole AS (
    SELECT count(*) FILTER (on_themes AND press) AS stories, count(*) FILTER (on_themes AND NOT press) AS posts,
        count(*) FILTER (press AND NOT on_themes) AS other_stories, count(DISTINCT outlet) FILTER (on_themes AND press) AS outlets,
        epoch(min(created_at) FILTER (on_themes AND press) - min(created_at) FILTER (on_themes AND NOT press)) / 3600 AS lag_first,
        epoch(quantile_disc(created_at, 0.5) FILTER (on_themes AND press) - quantile_disc(created_at, 0.5) FILTER (on_themes AND NOT press)) / 3600 AS lag_half,
        arg_min(post, (created_at, source, post_id)) FILTER (on_themes AND press) AS first_story
    FROM about
),
told AS (
    SELECT 'stories' AS measure, stories::DOUBLE AS value, stories AS n, NULL::BIGINT AS seven, first_story AS post FROM whole
    UNION ALL SELECT 'other_stories', other_stories, other_stories, NULL, NULL FROM whole
    UNION ALL SELECT 'outlets', outlets, stories, NULL, NULL FROM whole
    UNION ALL SELECT 'lag_first', lag_first, stories, NULL, NULL FROM whole
    UNION ALL SELECT 'lag_half', CASE WHEN posts >= 10 AND stories >= 5 THEN lag_half END, stories, NULL, NULL FROM whole
    UNION ALL SELECT 'posts', posts, days, seven, NULL FROM by_seven
    UNION ALL SELECT 'stories', stories, days, seven, NULL FROM by_seven
    UNION ALL SELECT 'outlets_mean', outlets_mean, days, seven, NULL FROM by_seven
    UNION ALL SELECT 'outlets_most', outlets_most, days, seven, NULL FROM by_seven
)
SELECT 'spread/' || $brand || '/' || $event_id || '/' || coalesce('days_' || (7 * seven + 1) || '_to_' || (7 * seven + n) || '/', '') || measure AS figure_id,
    $brand AS brand, $week AS week, 'event:' || $event_id AS scope, 'spread_' || measure AS figure_measure, measure, value,
    NULL::DOUBLE AS low, NULL::DOUBLE AS high, n, seven, post,
    EXISTS (SELECT 1 FROM stories_daily AS s WHERE s.brand = $brand AND s.day >= $since AND s.day < $week + INTERVAL 7 DAY) AS heard
FROM told
WHERE $event_date::DATE IS NOT NULL
ORDER BY figure_id;
