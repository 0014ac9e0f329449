-- One row a kind of voices, source and 7-day bin on the event's own grid, before $as_of: the measures of an effect on other
-- voices than all. by_source: all voices, each source by itself. without_copies_and_officials: posts of one copy group in a
-- bin are one voice, officials are left out. customers: posts that say that their author uses, pays, decides or leaves.
WITH spoken AS MATERIALIZED (
    SELECT floor(date_diff('day', $event_date::DATE, p.day) / 7.0)::BIGINT AS bin, p.source, p.voice, p.copy_group, p.speaker,
        s.compound, list_has_any(p.themes, $themes::VARCHAR[]) AS on_themes, p.rating
    FROM brand_posts_without_text AS p
    JOIN scores AS s ON s.source = p.source AND s.post_id = p.post_id AND s.scorer = $scorer AND s.version = $version
    WHERE p.brand = $brand AND p.day < $as_of::DATE AND s.compound IS NOT NULL
        AND coalesce(p.why_not_counted, '') NOT IN ('sparse_in_shared_file', 'in another language')
),
spread AS (SELECT bin, copy_group FROM spoken WHERE copy_group IS NOT NULL AND speaker <> 'official' GROUP BY ALL HAVING count(*) > 1),
kinds AS (
    SELECT 'by_source' AS kind, bin, source, voice, compound, on_themes, rating FROM spoken
    UNION ALL
    SELECT 'without_copies_and_officials', p.bin, NULL, coalesce('copies:' || s.copy_group, p.voice), p.compound, p.on_themes, p.rating
    FROM spoken AS p LEFT JOIN spread AS s ON s.bin = p.bin AND s.copy_group = p.copy_group WHERE p.speaker <> 'official'
    UNION ALL
    SELECT 'customers', bin, NULL, voice, compound, on_themes, rating FROM spoken WHERE speaker IN ('customer', 'leaving', 'administrator')
),
voices AS (
    SELECT kind, bin, source, voice, 100 * sum(compound::DECIMAL(18, 6))::DOUBLE / count(*) AS net_trust,
        100.0 * max(on_themes::INTEGER) AS attention, sum(rating::DECIMAL(18, 6))::DOUBLE / count(rating) AS rating
    FROM kinds GROUP BY ALL
),
sums AS (  -- of decimals, and so the same in whatever order threads add them
    SELECT kind, bin, source, count(*) AS authors, count(rating) AS rating_authors,
        sum(net_trust::DECIMAL(18, 9))::DOUBLE AS net_trust, sum((net_trust * net_trust)::DECIMAL(18, 9))::DOUBLE AS net_trust_squares,
        sum(attention::DECIMAL(18, 9))::DOUBLE AS attention, sum((attention * attention)::DECIMAL(18, 9))::DOUBLE AS attention_squares,
        sum(rating::DECIMAL(18, 9))::DOUBLE AS rating, sum((rating * rating)::DECIMAL(18, 9))::DOUBLE AS rating_squares
    FROM voices GROUP BY kind, bin, source
)
SELECT kind, bin, source, authors, rating_authors, net_trust / authors AS net_trust, attention / authors AS attention, rating / rating_authors AS rating,
    -- The sampling variance of each mean: of voices, over their number.
    greatest(net_trust_squares - net_trust * net_trust / authors, 0) / nullif(authors - 1, 0) / authors AS net_trust_variance,
    greatest(attention_squares - attention * attention / authors, 0) / nullif(authors - 1, 0) / authors AS attention_variance,
    greatest(rating_squares - rating * rating / rating_authors, 0) / nullif(rating_authors - 1, 0) / rating_authors AS rating_variance
FROM sums ORDER BY kind, bin, source;
