SELECT brand, document, max(asked_at) AS asked_at, arg_max(problem, asked_at) AS problem
FROM policy_fetches
WHERE $brand IS NULL OR brand = $brand
GROUP BY ALL
HAVING arg_max(outcome, asked_at) = 'failed'
ORDER BY ALL;
