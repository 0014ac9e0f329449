-- How many posts of the source are stored, and when the one that was longest not looked at was last seen.
SELECT count(*), min(greatest(p.collected_at, coalesce(c.checked_at, p.collected_at)))
FROM posts AS p LEFT JOIN post_checks AS c ON c.source = p.source AND c.post_id = p.post_id
WHERE p.source = $source;
