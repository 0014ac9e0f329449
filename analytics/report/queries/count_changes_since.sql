-- What can have changed a report's figures since it was published, one row a brand that it speaks of: posts erased, posts
-- of the weeks it shows that came later, weeks counted anew and effects measured anew.
SELECT b.brand, b.name, b.scorer, b.scorer_version, b.taxonomy_version, b.query_hash,
    (SELECT coalesce(sum(d.posts), 0) FROM brand_purges AS d
        WHERE d.brand = b.brand AND d.purged_at >= $since::TIMESTAMP)::BIGINT AS deleted,
    (SELECT count(*) FROM posts AS p
        WHERE p.collected_at >= $since::TIMESTAMP AND p.created_at < $week + INTERVAL 7 DAY
            AND EXISTS (SELECT 1 FROM mentions AS m WHERE m.brand = b.brand AND m.query_hash = b.query_hash
                AND m.source = p.source AND m.post_id = p.post_id)) AS later,
    (SELECT count(DISTINCT w.week) FROM weekly_numbers AS w
        WHERE w.brand = b.brand AND w.week <= $week AND w.run_id > $run_id) AS weeks_anew,
    (SELECT count(*) FROM event_effects AS x WHERE x.brand = b.brand AND x.run_id > $run_id) AS effects_anew
FROM brands AS b
WHERE list_contains($brands, b.brand)
ORDER BY b.brand <> $brand, b.brand;
