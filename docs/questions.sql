-- Twelve questions that analysts ask, each one plain SELECT on the views (docs/schema.md says what every column means).
-- Run one with:  brandtrust sql "SELECT …"          Put your own brand's slug where 'lumio' stands.
-- For the demo add:  --store demo/brandtrust.duckdb
-- Beside the views, the table brand_peers (brand, peer) says which brands a brand file compares with.

-- 1. Weekly trend: how did net trust expression move, and how sure is each week?
SELECT week, net_trust, low, high, authors, thin, coverage
FROM trust_weekly
WHERE brand = 'lumio' AND scope = 'all'
ORDER BY week;

-- 2. Against peers: the brand beside the median of its peers.
SELECT own.week, own.net_trust, median(peer.net_trust) AS peers_median, own.net_trust - median(peer.net_trust) AS gap
FROM trust_weekly AS own
JOIN brand_peers AS p ON p.brand = own.brand
JOIN trust_weekly AS peer ON peer.brand = p.peer AND peer.week = own.week AND peer.scope = own.scope
WHERE own.brand = 'lumio' AND own.scope = 'all'
GROUP BY own.week, own.net_trust
ORDER BY own.week;

-- 3. By source: where does the change come from?
SELECT source, date_trunc('quarter', week)::DATE AS quarter, sum(posts) AS posts, round(avg(net_trust), 1) AS net_trust, round(avg(rating), 2) AS rating
FROM source_weekly
WHERE brand = 'lumio'
GROUP BY source, quarter
ORDER BY source, quarter;

-- 4. By theme: what do people speak of in the last eight weeks, and what is usual?
SELECT theme,
    round(avg(share) FILTER (week > newest - INTERVAL 8 WEEK), 2) AS last_eight_weeks,
    round(median(share) FILTER (week <= newest - INTERVAL 8 WEEK), 2) AS usual
FROM (SELECT *, max(week) OVER () AS newest FROM attention_weekly WHERE brand = 'lumio')
GROUP BY theme
ORDER BY last_eight_weeks DESC;

-- 5. Share of voice: the brand's part of all posts about it and its peers, or why there is none.
SELECT week, compared_brand, posts, round(share, 1) AS share, why_no_share
FROM share_of_voice_weekly
WHERE brand = 'lumio'
ORDER BY week DESC, share DESC
LIMIT 40;

-- 6. Effects: what moved at each policy event, how sure, against how many earlier windows?
SELECT title, measure, role, scorer, round(estimate, 1) AS estimate, round(low, 1) AS low, round(high, 1) AS high, round(p_value, 3) AS p_value,
    placebos, independent_windows, round(smallest_visible, 1) AS smallest_visible, verdict
FROM effects
WHERE brand = 'lumio'
ORDER BY event_date, role, measure;

-- 7. Capped days: on which days is the count not the whole?
SELECT source, day, status, covered_hours, returned
FROM coverage_daily
WHERE brand = 'lumio' AND status IN ('capped', 'failed', 'partial')
ORDER BY day, source;

-- 8. Top posts: what was loudest in the week with the most attention to data and AI practices?
SELECT rank, source, created_at, reach, compound, themes, left(text, 120) AS text, url
FROM top_posts
WHERE brand = 'lumio'
    AND week = (SELECT max_by(week, authors) FROM attention_weekly WHERE brand = 'lumio' AND theme = 'practices')
ORDER BY rank
LIMIT 10;

-- 9. Stars against scores: does the scorer read reviews as their authors meant them?
SELECT rating, count(*) AS posts, round(avg(compound), 3) AS mean_compound,
    round(100.0 * count(*) FILTER (vote = -1) / count(*), 1) AS read_negative,
    round(100.0 * count(*) FILTER (vote = 1) / count(*), 1) AS read_positive
FROM brand_posts
WHERE brand = 'lumio' AND rating IS NOT NULL AND why_not_scored IS NULL
GROUP BY rating
ORDER BY rating;

-- 10. New against returning authors: do the same people speak otherwise, or do others speak?
SELECT week,
    count(*) FILTER (first_seen_week = week) AS newcomers,
    round(100 * avg(vote) FILTER (first_seen_week = week), 1) AS newcomers_net_trust,
    count(*) FILTER (first_seen_week < week) AS returning,
    round(100 * avg(vote) FILTER (first_seen_week < week), 1) AS returning_net_trust
FROM author_weeks
WHERE brand = 'lumio' AND author_key IS NOT NULL
GROUP BY week
ORDER BY week;

-- 11. Claims by week: who voices what of the terms, and what the terms had of it then?
SELECT claim, week, authors, authors_all, round(share, 1) AS share, round(low, 1) AS low, round(high, 1) AS high, denying_authors, clause, coverage
FROM claims_weekly
WHERE brand = 'lumio'
ORDER BY claim, week;

-- 12. Belief against text: where do people say what the terms do not?
SELECT says, status, clause_now, clause_at_event, first_week, last_week, week, round(share, 1) AS share, authors_all, round(change, 1) AS change,
    round(change_low, 1) AS change_low, round(change_high, 1) AS change_high
FROM claims_against_text
WHERE brand = 'lumio'
ORDER BY place;
