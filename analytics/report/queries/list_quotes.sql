-- The posts that a written report quotes and that are still stored, with what was printed beside them.
SELECT q.period, q.source, p.created_at::DATE AS day, q.reach AS value, q.compound, q.rating, q.themes,
    left(p.title, 400) AS title, left(p.text, 2000) AS text, length(p.text) > 2000 AS cut, p.url, q.post_id
FROM report_quotes AS q JOIN posts AS p ON p.source = q.source AND p.post_id = q.post_id
WHERE q.path = $path AND q.content_hash = $content_hash
ORDER BY q.place;
