-- What requests to a source cost in one run and in one UTC month, to the cent's fraction.
SELECT coalesce(sum(cost_usd::DECIMAL(18, 6)) FILTER (run_id = $run_id), 0)::DOUBLE,
    coalesce(sum(cost_usd::DECIMAL(18, 6))
        FILTER (date_trunc('month', asked_at) = date_trunc('month', $month::TIMESTAMP)), 0)::DOUBLE
FROM requests WHERE source = $source;
