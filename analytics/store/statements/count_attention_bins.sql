-- One row a choice of themes and 7-day bin of the temporary table bins_to_count: its voices, and 100 for each of them on these themes.
-- Voices are those of count_voice_bins. $choices and $themes go together.
INSERT INTO voice_bins (brand, counted_by, start, kind, authors, rating_authors, attention)
WITH choices AS (SELECT unnest($choices::VARCHAR[]) AS choice, unnest($themes::VARCHAR[][]) AS themes),
voices AS (
    SELECT b.start, p.voice, list_distinct(flatten(list(p.themes))) AS themes
    FROM brand_posts_without_text AS p
    JOIN bins_to_count AS b ON b.start = $event_date::DATE + 7 * floor(date_diff('day', $event_date::DATE, p.day) / 7.0)::INTEGER
    JOIN scores AS s ON s.source = p.source AND s.post_id = p.post_id AND s.scorer = $scorer AND s.version = $version
    WHERE p.brand = $brand AND p.created_at >= $first::DATE AND p.created_at < $last::DATE + INTERVAL 7 DAY AND s.compound IS NOT NULL
        AND coalesce(p.why_not_counted, '') NOT IN ('sparse_in_shared_file', 'in another language')
    GROUP BY ALL
)
SELECT $brand, $counted_by, v.start, c.choice, count(*), 0, 100.0 * count(*) FILTER (list_has_any(v.themes, c.themes))
FROM voices AS v CROSS JOIN choices AS c GROUP BY v.start, c.choice;
