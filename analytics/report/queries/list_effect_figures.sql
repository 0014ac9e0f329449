-- The numbers that stand beside each effect in the table, one row a number.
WITH judged AS (
    SELECT x.brand, x.event_id, x.measure, x.p_value, x.smallest_p, x.placebos::DOUBLE AS placebos,
        x.independent_windows::DOUBLE AS independent_windows, x.smallest_visible, x.before_mean, x.after_mean,
        x.before_authors::DOUBLE AS before_authors, x.after_authors::DOUBLE AS after_authors,
        CASE WHEN x.p_value IS NOT NULL AND NOT x.weighed THEN len(list_filter(x.placebo_estimates, lambda change: abs(change) >= abs(x.estimate))) END::DOUBLE
            AS moved_as_much, x.placebos AS windows,
        nullif(x.labels_before, 0)::DOUBLE AS labels_before, nullif(x.labels_after, 0)::DOUBLE AS labels_after,
        x.raw_change, x.corrected_change, x.corrected_low, x.corrected_high
    FROM event_effects AS x
    JOIN brands AS b ON b.brand = x.brand AND b.scorer = x.scorer AND b.scorer_version = x.version
    WHERE x.brand = $brand AND x.event_date < $week + INTERVAL 7 DAY
)
SELECT 'effect/' || brand || '/' || event_id || '/' || measure || '/' || name AS figure_id, brand, NULL::DATE AS week,
    'event:' || event_id AS scope, measure || '_' || name AS measure, value, NULL::DOUBLE AS low, NULL::DOUBLE AS high, windows AS n
FROM judged UNPIVOT (value FOR name IN (p_value, smallest_p, placebos, independent_windows, smallest_visible, before_mean,
    after_mean, before_authors, after_authors, moved_as_much, labels_before, labels_after, raw_change, corrected_change,
    corrected_low, corrected_high))
ORDER BY figure_id;
