-- Since when the last sweep of the source counted posts as looked at, where it was cut off and began after $earliest.
SELECT swept_since FROM sweeps
WHERE source = $source AND finished_at IS NULL AND swept_since >= $earliest
    AND run_id > coalesce((SELECT max(run_id) FROM sweeps WHERE source = $source AND finished_at IS NOT NULL), '')
ORDER BY run_id DESC
LIMIT 1;
