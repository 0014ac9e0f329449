-- The days of each signal of attention, and of the stories of each source that has any. A day without a story is 0 where
-- it was collected in full, and not known otherwise.
SELECT 'signal' AS kind, name, day, value FROM signals WHERE brand = $brand AND kind = 'attention'
UNION ALL
SELECT 'stories', c.source, c.day, coalesce(s.stories, 0)::DOUBLE
FROM coverage_daily AS c LEFT JOIN stories_daily AS s USING (brand, source, day)
WHERE c.brand = $brand AND c.status = 'complete'
    AND c.source IN (SELECT source FROM stories_daily WHERE brand = $brand)
ORDER BY ALL;
