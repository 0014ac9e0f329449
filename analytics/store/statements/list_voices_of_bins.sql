-- One row a 7-day bin on the event's own grid and voice, from $first_bin to $last_bin and before $as_of: what the voice said, by
-- which each bin's measures are means, and in which language most of its posts are.
WITH posts_of_voices AS (
    SELECT floor(date_diff('day', $event_date::DATE, p.day) / 7.0)::BIGINT AS bin, p.source, p.voice, p.author_key,
        coalesce(p.language, 'und') AS language, s.compound, list_has_any(p.themes, $themes::VARCHAR[]) AS on_themes, p.rating
    FROM brand_posts_without_text AS p
    JOIN scores AS s ON s.source = p.source AND s.post_id = p.post_id AND s.scorer = $scorer AND s.version = $version
    WHERE p.brand = $brand AND p.day < $as_of::DATE AND s.compound IS NOT NULL
        AND p.day >= $event_date::DATE + 7 * $first_bin::INTEGER AND p.day < $event_date::DATE + 7 * ($last_bin::INTEGER + 1)
        AND coalesce(p.why_not_counted, '') NOT IN ('sparse_in_shared_file', 'in another language')
),
languages AS (
    SELECT bin, voice, max_by(language, (posts, language)) AS language
    FROM (SELECT bin, voice, language, count(*) AS posts FROM posts_of_voices GROUP BY ALL) GROUP BY bin, voice
),
said AS (
    SELECT bin, voice, any_value(source) AS source, any_value(author_key) IS NOT NULL AS known_author,
        100 * sum(compound::DECIMAL(18, 6))::DOUBLE / count(*) AS net_trust, 100.0 * max(on_themes::INTEGER) AS attention,
        sum(rating::DECIMAL(18, 6))::DOUBLE / count(rating) AS rating
    FROM posts_of_voices GROUP BY bin, voice
)
SELECT bin, voice, source, known_author, language, net_trust, attention, rating
FROM said JOIN languages USING (bin, voice) ORDER BY voice, bin;
