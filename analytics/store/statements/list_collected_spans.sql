-- Spans of time that each source of a brand was asked for by the present question and gave in full, since a time.
SELECT c.source, greatest(c.window_start, $since) AS since, least(c.window_end, $until) AS until
FROM coverage AS c LEFT JOIN source_questions AS q USING (brand, source)
WHERE c.brand = $brand AND NOT c.capped AND NOT c.failed AND c.window_end > $since AND c.window_start < $until
    AND (q.query_hash IS NULL OR q.query_hash = c.query_hash)
ORDER BY ALL;
