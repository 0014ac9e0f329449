-- The posts that an event's change of net trust is computed from, in the order of their lots. `share`: what one post counts
-- in the mean of its window: bins count alike, voices alike in a bin, posts alike in a voice; adds up to 1 in a window.
-- `lot`: a number that depends on the seed and the post alone, so that the same draw comes back.
WITH windowed AS (
    SELECT p.source, p.post_id, p.voice, s.compound, stored.collected_at,
        floor(date_diff('day', $event_date::DATE, p.day) / 7.0)::BIGINT AS bin,
        CASE WHEN p.day < $event_date::DATE THEN 'before' ELSE 'after' END AS time_window,
        CASE WHEN list_has_any(p.themes, $themes::VARCHAR[]) THEN 'event themes' WHEN p.practices THEN 'practices'
            ELSE 'other' END || ', ' || p.source AS stratum
    FROM brand_posts_without_text AS p
    JOIN posts AS stored ON stored.source = p.source AND stored.post_id = p.post_id
    JOIN scores AS s ON s.source = p.source AND s.post_id = p.post_id AND s.scorer = $scorer AND s.version = $version
    WHERE p.brand = $brand AND s.compound IS NOT NULL AND coalesce(p.why_not_counted, '') NOT IN ('sparse_in_shared_file', 'in another language')
),
compared AS (
    SELECT * FROM windowed
    WHERE bin >= -$before AND bin < least($after, floor(date_diff('day', $event_date::DATE, $as_of::DATE) / 7.0))
),
voices AS (SELECT time_window, bin, voice, count(*) AS posts FROM compared GROUP BY ALL),
bins AS (SELECT time_window, bin, count(*) AS voices FROM voices GROUP BY ALL),
windows AS (SELECT time_window, count(*) AS bins FROM bins GROUP BY ALL)
SELECT c.source, c.post_id, c.time_window AS "window", c.stratum, c.compound, c.collected_at,
    1.0 / (w.bins * b.voices * v.posts) AS share,
    sha256($seed || chr(0) || c.source || chr(0) || c.post_id) AS lot
FROM compared AS c
JOIN voices AS v USING (time_window, bin, voice)
JOIN bins AS b USING (time_window, bin)
JOIN windows AS w USING (time_window)
ORDER BY lot, c.source, c.post_id;
