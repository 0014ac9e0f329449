-- Whoever has another post in that week has not lost it.
DELETE FROM lost_weeks AS l USING gathered_posts AS g
WHERE g.week BETWEEN $first AND $last AND g.why_not_counted IS NULL
    AND g.brand = l.brand AND g.source = l.source AND g.week = l.week AND g.author_key = l.author_key;
