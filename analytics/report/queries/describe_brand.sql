-- The brand as it is listened for: names, scorer and versions, the run that computed the week's numbers, and which store this is.
SELECT b.brand, b.name, b.query_hash, b.scorer, b.scorer_version, b.taxonomy_version,
    (SELECT max(run_id) FROM weekly_numbers AS w WHERE w.brand = b.brand AND w.week <= $week) AS run_id,
    coalesce((SELECT value FROM store_settings WHERE name = 'store_id'), '') AS store_id,
    coalesce((SELECT list({'brand': p.peer, 'name': coalesce(o.name, p.peer)} ORDER BY p.peer)
        FROM brand_peers AS p LEFT JOIN brands AS o ON o.brand = p.peer WHERE p.brand = b.brand), []) AS peers
FROM brands AS b
WHERE b.brand = $brand;
