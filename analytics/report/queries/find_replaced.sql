-- The report on the same brand and week that this one replaces: of those first published before it, the newest one.
WITH published AS (
    SELECT report_id, min(published_at) AS published_at FROM published_figures
    WHERE starts_with(report_id, $brand || '-' || $week || '-') GROUP BY report_id
)
SELECT report_id, published_at,
    (SELECT coalesce(sum(d.posts), 0) FROM brand_purges AS d WHERE d.brand = $brand AND d.purged_at >= p.published_at)::BIGINT AS erased
FROM published AS p
WHERE report_id <> $report_id
    AND published_at < coalesce((SELECT o.published_at FROM published AS o WHERE o.report_id = $report_id), TIMESTAMP 'infinity')
ORDER BY published_at DESC, report_id LIMIT 1;
