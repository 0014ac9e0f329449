-- Of each source of a brand: what its counts cannot say, and the last day on which it became another one.
SELECT source, bool_or(flag = 'sparse_in_shared_file') AS sparse, bool_or(flag = 'constant_quota') AS constant, max(break_date) AS break_date
FROM (
    SELECT source, flag, NULL::DATE AS break_date FROM source_flags WHERE brand = $brand
    UNION ALL
    SELECT source, '', break_date FROM source_breaks WHERE brand = $brand AND break_date <= $until
)
GROUP BY source;
