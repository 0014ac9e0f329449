SELECT document, count(*) AS looks, max(asked_at) AS asked_at, arg_max(outcome, asked_at) AS outcome,
    max(asked_at) FILTER (outcome <> 'failed') AS read_at, max(asked_at) FILTER (outcome = 'failed') AS failed_at,
    coalesce(arg_max(problem, asked_at) FILTER (outcome = 'failed'), '') AS problem
FROM policy_fetches
WHERE brand = $brand
GROUP BY document
ORDER BY document;
