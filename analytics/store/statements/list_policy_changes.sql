SELECT brand, document, recorded_at, stated_effective, direction, coalesce(themes, []) AS themes,
    -- A heading or the line of the date says less than the first whole sentence.
    coalesce(list_filter(added, lambda sentence: length(sentence) >= 40)[1], added[1], '') AS first_added,
    noise, confirmed_events, rejected_events, previous_at IS NULL AS first
FROM policy_history
WHERE $brand IS NULL OR brand = $brand
ORDER BY brand, recorded_at, document;
