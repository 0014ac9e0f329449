-- One row a kind of voices, source and 7-day bin of the temporary table bins_to_count: sums over its voices. Kinds: all; or, where
-- $others, by_source: all voices, each source by itself; without_copies_and_officials: posts of one copy group in a bin are one
-- voice, officials are left out; customers: posts that say that their author uses, pays, decides or leaves.
-- Sums are of decimals, and so the same in whatever order threads add them.
INSERT INTO voice_bins
WITH spoken AS MATERIALIZED (
    SELECT b.start, p.source, p.voice, p.copy_group, p.speaker, s.compound, list_has_any(p.themes, $themes::VARCHAR[]) AS on_themes, p.rating
    FROM brand_posts_without_text AS p
    JOIN bins_to_count AS b ON b.start = $event_date::DATE + 7 * floor(date_diff('day', $event_date::DATE, p.day) / 7.0)::INTEGER
    JOIN scores AS s ON s.source = p.source AND s.post_id = p.post_id AND s.scorer = $scorer AND s.version = $version
    WHERE p.brand = $brand AND p.created_at >= $first::DATE AND p.created_at < $last::DATE + INTERVAL 7 DAY AND s.compound IS NOT NULL
        AND coalesce(p.why_not_counted, '') NOT IN ('sparse_in_shared_file', 'in another language')
),
spread AS (
    SELECT start, copy_group FROM spoken WHERE $others AND copy_group IS NOT NULL AND speaker <> 'official' GROUP BY ALL HAVING count(*) > 1
),
kinds AS (
    SELECT 'all' AS kind, start, NULL AS source, voice, compound, on_themes, rating FROM spoken WHERE NOT $others
    UNION ALL
    SELECT 'by_source', start, source, voice, compound, on_themes, rating FROM spoken WHERE $others
    UNION ALL
    SELECT 'without_copies_and_officials', p.start, NULL, coalesce('copies:' || s.copy_group, p.voice), p.compound, p.on_themes, p.rating
    FROM spoken AS p LEFT JOIN spread AS s ON s.start = p.start AND s.copy_group = p.copy_group WHERE $others AND p.speaker <> 'official'
    UNION ALL
    SELECT 'customers', start, NULL, voice, compound, on_themes, rating FROM spoken WHERE $others AND speaker IN ('customer', 'leaving', 'administrator')
),
voices AS (
    SELECT kind, start, source, voice, 100 * sum(compound::DECIMAL(18, 6))::DOUBLE / count(*) AS net_trust,
        100.0 * max(on_themes::INTEGER) AS attention, sum(rating::DECIMAL(18, 6))::DOUBLE / count(rating) AS rating
    FROM kinds GROUP BY ALL
)
SELECT $brand, $counted_by, start, kind, source, count(*), count(rating),
    sum(net_trust::DECIMAL(18, 9))::DOUBLE, sum((net_trust * net_trust)::DECIMAL(18, 9))::DOUBLE,
    sum(attention::DECIMAL(18, 9))::DOUBLE, sum((attention * attention)::DECIMAL(18, 9))::DOUBLE,
    sum(rating::DECIMAL(18, 9))::DOUBLE, sum((rating * rating)::DECIMAL(18, 9))::DOUBLE
FROM voices GROUP BY kind, start, source;
