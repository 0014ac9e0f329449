-- Gathered posts that came or go: of which brand, source and week they are, and whose.
INSERT INTO {noted}
SELECT DISTINCT brand, source, week, CASE WHEN why_not_counted IS NULL THEN author_key END AS author_key
FROM {posts}
WHERE brand IN (SELECT brand FROM counted_brands);
