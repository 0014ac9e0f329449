-- One row a brand, choice of themes and 7-day bin on the event's own grid, before $as_of: the share of voices on these themes.
-- Voices are those of count_event_bins. $brands and $versions go together, and so do $choices and $themes.
WITH asked AS (SELECT unnest($brands::VARCHAR[]) AS brand, unnest($versions::VARCHAR[]) AS version),
choices AS (SELECT unnest($choices::VARCHAR[]) AS choice, unnest($themes::VARCHAR[][]) AS themes),
voices AS (
    SELECT p.brand, floor(date_diff('day', $event_date::DATE, p.day) / 7.0)::BIGINT AS bin, p.voice,
        list_distinct(flatten(list(p.themes))) AS themes
    FROM brand_posts_without_text AS p
    JOIN asked AS a ON a.brand = p.brand
    JOIN scores AS s ON s.source = p.source AND s.post_id = p.post_id AND s.scorer = $scorer AND s.version = a.version
    WHERE p.day < $as_of::DATE AND s.compound IS NOT NULL
        AND coalesce(p.why_not_counted, '') NOT IN ('sparse_in_shared_file', 'in another language')
    GROUP BY ALL
)
SELECT v.brand, c.choice, v.bin, 100.0 * count(*) FILTER (list_has_any(v.themes, c.themes)) / count(*) AS attention
FROM voices AS v CROSS JOIN choices AS c GROUP BY ALL ORDER BY ALL;
