MERGE INTO reports
USING (VALUES ($path, $content_hash, $report_id, $brand, $week, $paper, $content, $withdrawn, $outdated, $written_at,
    $run_id))
    AS given (path, content_hash, report_id, brand, week, paper, content, withdrawn, outdated, written_at, run_id)
USING (path, content_hash)
WHEN MATCHED THEN UPDATE SET report_id = given.report_id, paper = given.paper, content = given.content,
    withdrawn = given.withdrawn, outdated = given.outdated, written_at = given.written_at, run_id = given.run_id
WHEN NOT MATCHED THEN INSERT BY NAME;
