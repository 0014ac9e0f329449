-- The same of posts that are gathered, whose weeks are counted.
SELECT brand, source, month, sum(posts)::BIGINT AS posts FROM stored_weekly WHERE list_contains($brands, brand) GROUP BY ALL
