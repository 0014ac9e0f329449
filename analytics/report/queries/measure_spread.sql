-- From posts to the press: stories and articles on the event's themes in its 28 days, the outlets (sites) that brought them, and how long
-- after the posts. Lags are hours; the one of the halves needs ten posts and five stories. n counts what a number stands on.
WITH heard AS (
    SELECT *, kind IN ('story', 'article') AS press, datediff('day', $event_date::DATE, day) // 7 AS seven,
        len($event_themes) = 0 OR list_has_any(themes, $event_themes) AS on_themes
    FROM brand_posts_without_text
    WHERE brand = $brand AND created_at >= $event_date::DATE AND created_at < $event_date::DATE + INTERVAL 28 DAY
        AND created_at < $week + INTERVAL 7 DAY AND (kind IN ('story', 'article') OR len($event_themes) = 0 OR list_has_any(themes, $event_themes))
),
about AS (
    SELECT press, created_at, day, source, post_id, seven, on_themes, NULL AS outlet, NULL AS post FROM heard WHERE NOT press
    UNION ALL
    -- Texts and links are read of stories and articles only.
    SELECT h.press, h.created_at, h.day, h.source, h.post_id, h.seven, h.on_themes,
        coalesce(nullif(regexp_extract(p.url, '^https?://(?:www\.)?([^/:?#]+)', 1), ''), h.source),
        {'post_id': h.post_id, 'source': h.source, 'day': h.day, 'title': left(p.title, 400), 'text': left(p.text, 2000),
            'cut': length(p.text) > 2000, 'url': p.url, 'value': coalesce(h.likes, 0) + coalesce(h.replies, 0) + coalesce(h.shares, 0),
            'compound': h.compound, 'rating': h.rating, 'themes': h.themes}
    FROM heard AS h JOIN posts AS p ON p.source = h.source AND p.post_id = h.post_id AND p.created_at = h.created_at
    WHERE h.press
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
