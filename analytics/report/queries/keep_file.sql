-- Remember the bytes of a report for good: no later file of the same path takes their place here.
MERGE INTO report_files
USING (VALUES ($content_hash, $report_id, $written_at)) AS given (content_hash, report_id, written_at)
USING (content_hash)
WHEN NOT MATCHED THEN INSERT BY NAME;
