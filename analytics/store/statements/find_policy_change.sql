SELECT brand, document, recorded_at, previous_at,
    -- A capture that broke is compared with nothing: what differs shows against the last that did not.
    coalesce(
        max(recorded_at) FILTER (noise IS DISTINCT FROM 'broken capture') OVER (
            PARTITION BY brand, document ORDER BY recorded_at ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ),
        previous_at
    ) AS compared_at,
    origin, reference, stated_effective, first_seen, direction, themes, noise, restores, confirmed_events, rejected_events,
    confirmed_by, confirmed_at
FROM policy_history
WHERE ($brand IS NULL OR brand = $brand) AND lower(document) = lower($document)
ORDER BY brand, recorded_at;
