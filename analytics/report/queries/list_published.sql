-- The figures of a report as they were published, each with its SQL.
SELECT f.figure_id, f.value, f.low, f.high, f.n, coalesce(q.sql, '') AS sql, f.measure, f.brand, f.week, f.scope, f.sql_hash,
    f.run_id, f.published_at
FROM published_figures AS f LEFT JOIN figure_queries AS q USING (sql_hash)
WHERE f.report_id = $report_id
ORDER BY f.figure_id;
