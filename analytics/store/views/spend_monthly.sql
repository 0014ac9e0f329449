-- One row a source and month: how often it was asked, what came and what it cost. Free sources are rows as well.
-- key: source, month
-- source: whom, as in posts.source
-- month: first day of the month (UTC) in which was asked
-- requests: how many requests, failed ones too
-- failed: how many of them failed
-- returned: items that came, matching or not
-- cost_usd: what they cost, in US dollars
CREATE OR REPLACE VIEW spend_monthly AS
SELECT source, date_trunc('month', asked_at)::DATE AS month,
    count(*) AS requests,
    count_if(problem <> '') AS failed,
    sum(returned)::BIGINT AS returned,
    sum(cost_usd::DECIMAL(18, 6))::DOUBLE AS cost_usd
FROM requests
GROUP BY ALL;
