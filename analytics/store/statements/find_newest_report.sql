-- The last report of a brand, or the last one written on a week.
SELECT report_id, content, path, content_hash, outdated FROM reports
WHERE brand = $brand AND ($week IS NULL OR week = $week)
ORDER BY week DESC, written_at DESC LIMIT 1;
