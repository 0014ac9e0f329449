INSERT INTO reports (path, content_hash, report_id, brand, week, paper, content, withdrawn, outdated, written_at, run_id)
VALUES ($path, $content_hash, $report_id, $brand, $week, $paper, $content, $withdrawn, $outdated, $written_at, $run_id)
ON CONFLICT DO UPDATE SET report_id = excluded.report_id, paper = excluded.paper, content = excluded.content,
    withdrawn = excluded.withdrawn, outdated = excluded.outdated, written_at = excluded.written_at, run_id = excluded.run_id;
