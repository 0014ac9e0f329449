-- The last PDF of a brand, or the last one written on a week; its page for a browser holds many posts, and is not sent.
SELECT report_id, content, path, content_hash, outdated FROM reports
WHERE brand = $brand AND ($week IS NULL OR week = $week) AND NOT ends_with(path, '.html')
ORDER BY week DESC, written_at DESC LIMIT 1;
