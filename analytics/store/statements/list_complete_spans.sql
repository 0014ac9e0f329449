-- Spans of time that a complete answer to this question covers, within what is wanted, oldest first. A row that ends in
-- the future was written by a clock that was wrong.
SELECT window_start, window_end FROM coverage
WHERE source = $source AND query_hash = $query_hash AND NOT capped AND NOT failed
    AND window_end > $since AND window_start < $until AND window_end <= $latest
ORDER BY window_start, window_end;
