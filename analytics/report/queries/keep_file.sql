-- Remember the bytes of a report for good: no later file of the same path takes their place here.
INSERT INTO report_files (content_hash, report_id, written_at) VALUES ($content_hash, $report_id, $written_at)
ON CONFLICT DO NOTHING;
