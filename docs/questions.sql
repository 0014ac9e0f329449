-- Twenty questions that analysts ask, two on claims and one on a response: each one plain SELECT (docs/schema.md says what every column of a
-- view means, docs/analyst.md how to open the store). Under each question stands how to read its answer.
-- Ask one by     brandtrust sql "SELECT …"          Put your own brand's slug where 'lumio' stands.
-- or all by      brandtrust sql --shell < docs/questions.sql
-- For the demo add   --store demo/brandtrust.duckdb
-- Three tables are used beside the views: brand_peers (brand, peer), post_metrics (source, post_id, observed_at, likes,
-- replies, shares) and policy_events (brand, event_id, title, themes and the event's dates).

-- 1. Weekly trend: how did net trust expression move, and how sure is each week?
-- Read: A week moves on its own: look at low and high first. A thin week, or one whose coverage is not complete, shows little.
SELECT week, net_trust, low, high, authors, thin, coverage
FROM trust_weekly
WHERE brand = 'lumio' AND scope = 'all'
ORDER BY week;

-- 2. Against peers: the brand beside the median of its peers.
-- Read: gap is the brand's distance from its peers. Where both fall together, the cause is seldom the brand's own.
SELECT own.week, own.net_trust, median(peer.net_trust) AS peers_median, own.net_trust - median(peer.net_trust) AS gap
FROM trust_weekly AS own
JOIN brand_peers AS p ON p.brand = own.brand
JOIN trust_weekly AS peer ON peer.brand = p.peer AND peer.week = own.week AND peer.scope = own.scope
WHERE own.brand = 'lumio' AND own.scope = 'all'
GROUP BY own.week, own.net_trust
ORDER BY own.week;

-- 3. By source: where does the change come from?
-- Read: A source whose own row is level cannot have moved the whole. If all are level, the mix of sources did (question 11).
SELECT source, date_trunc('quarter', week)::DATE AS quarter, sum(posts) AS posts, round(avg(net_trust), 1) AS net_trust, round(avg(rating), 2) AS rating
FROM source_weekly
WHERE brand = 'lumio'
GROUP BY source, quarter
ORDER BY source, quarter;

-- 4. By theme: what do people speak of in the last eight weeks, and what is usual?
-- Read: Shares are 0 to 100 of a week's authors. One post can speak of several themes, so they do not add up to 100.
SELECT theme,
    round(avg(share) FILTER (week > newest - INTERVAL 8 WEEK), 2) AS last_eight_weeks,
    round(median(share) FILTER (week <= newest - INTERVAL 8 WEEK), 2) AS usual
FROM (SELECT *, max(week) OVER () AS newest FROM attention_weekly WHERE brand = 'lumio')
GROUP BY theme
ORDER BY last_eight_weeks DESC;

-- 5. Share of voice: the brand's part of all posts about it and its peers, or why there is none.
-- Read: Within a week shares add up to 100. Where a source's counts say nothing of volume there is no share, and why_no_share says so.
SELECT week, compared_brand, posts, round(share, 1) AS share, why_no_share
FROM share_of_voice_weekly
WHERE brand = 'lumio'
ORDER BY week DESC, share DESC
LIMIT 40;

-- 6. Effects: what moved at each policy event, how sure, against how many earlier windows?
-- Read: claim is what may be said: of the primary measure, and of the second once the first was shown; none: described only. smallest_visible is what could have been missed.
SELECT title, measure, role, scorer, round(estimate, 2) AS estimate, round(low, 2) AS low, round(high, 2) AS high, round(p_value, 3) AS p_value,
    placebos, independent_windows, round(smallest_visible, 2) AS smallest_visible, verdict, claim
FROM effects
WHERE brand = 'lumio'
ORDER BY event_date, role, measure;

-- 7. Capped days: on which days is the count not the whole?
-- Read: A dip on these days may be missing posts and not silence. Days that nobody asked for are never_asked and not in this list.
SELECT source, day, status, covered_hours, returned
FROM coverage_daily
WHERE brand = 'lumio' AND status IN ('capped', 'failed', 'partial')
ORDER BY day, source;

-- 8. Top posts: what was loudest in the week with the most attention to data and AI practices?
-- Read: Reach is likes, replies and shares as last seen, 0 where a source gives none. Read them before you explain a number.
SELECT rank, source, created_at, reach, compound, themes, left(text, 120) AS text, url
FROM top_posts
WHERE brand = 'lumio'
    AND week = (SELECT max_by(week, authors) FROM attention_weekly WHERE brand = 'lumio' AND theme = 'practices')
ORDER BY rank
LIMIT 10;

-- 9. Stars against scores: does the scorer read reviews as their authors meant them?
-- Read: mean_compound should rise with the stars. Where it hardly does, trust the stars more, and have the scorer checked.
SELECT rating, count(*) AS posts, round(avg(compound), 3) AS mean_compound,
    round(100.0 * count(*) FILTER (vote = -1) / count(*), 1) AS read_negative,
    round(100.0 * count(*) FILTER (vote = 1) / count(*), 1) AS read_positive
FROM brand_posts
WHERE brand = 'lumio' AND rating IS NOT NULL AND why_not_scored IS NULL
GROUP BY rating
ORDER BY rating;

-- 10. New against returning authors: do the same people speak otherwise, or do others speak?
-- Read: If newcomers alone are low, others came to complain. If those who return fall too, minds changed. Sources without authors are left out.
SELECT week,
    count(*) FILTER (first_seen_week = week) AS newcomers,
    round(100 * avg(vote) FILTER (first_seen_week = week), 1) AS newcomers_net_trust,
    count(*) FILTER (first_seen_week < week) AS returning,
    round(100 * avg(vote) FILTER (first_seen_week < week), 1) AS returning_net_trust
FROM author_weeks
WHERE brand = 'lumio' AND author_key IS NOT NULL
GROUP BY week
ORDER BY week;

-- 11. Mix held constant: would net trust have moved if every source had always the same share of the voices?
-- Read: where as_it_was moves and constant_mix does not, only who was heard has changed. Weeks in which a source is silent are left out.
WITH weights AS (
    SELECT source, sum(authors) AS weight, count(*) OVER () AS sources
    FROM source_weekly
    WHERE brand = 'lumio' AND authors > 0
    GROUP BY source
)
SELECT week, sum(authors) AS authors,
    round(sum(net_trust * authors) / sum(authors), 1) AS as_it_was,
    round(sum(net_trust * weight) / sum(weight), 1) AS constant_mix
FROM source_weekly JOIN weights USING (source)
WHERE brand = 'lumio' AND authors > 0
GROUP BY week, sources
HAVING count(*) = sources
ORDER BY week;

-- 12. Customers only: what do those say whose own words show that they use, administer or leave the product?
-- Read: only posts on practices are read for their speaker, and most do not say it. Under some 30 voices a quarter tells a story, no number.
SELECT date_trunc('quarter', week)::DATE AS quarter, count(DISTINCT voice) AS voices, count(*) AS posts,
    count(*) FILTER (speaker = 'leaving') AS leaving,
    round(100 * avg(vote), 1) AS net_trust_of_posts
FROM brand_posts
WHERE brand = 'lumio' AND speaker IN ('customer', 'administrator', 'leaving') AND why_not_counted IS NULL
GROUP BY quarter
ORDER BY quarter;

-- 13. News-to-social lag: how many days after the first story of an event did people begin to speak of its themes?
-- Read: busy is the first of the 29 days around the notice with three times the usual voices of the 56 days before them, and five more.
-- A negative lag means that people came first. Needs a source of stories (news feeds, Hacker News). The demo has none: first_story and lag_days are empty there.
WITH spoken AS (
    SELECT e.event_id, e.title, e.noticed, d.day, count(DISTINCT p.voice) AS voices
    FROM policy_events AS e
    CROSS JOIN LATERAL (SELECT unnest(range(e.noticed - INTERVAL 70 DAY, e.noticed + INTERVAL 15 DAY, INTERVAL 1 DAY))::DATE AS day) AS d
    LEFT JOIN brand_posts AS p ON p.brand = e.brand AND p.day = d.day AND list_has_any(p.themes, e.themes) AND p.why_not_counted IS NULL
    WHERE e.brand = 'lumio' AND e.noticed IS NOT NULL
    GROUP BY ALL
),
usual AS (
    SELECT event_id, avg(voices) AS voices
    FROM spoken
    WHERE day < noticed - INTERVAL 14 DAY
    GROUP BY event_id
),
stories AS (
    SELECT event_id, min(day) AS first_story
    FROM stories_daily AS s JOIN policy_events AS e USING (brand)
    WHERE brand = 'lumio' AND day BETWEEN noticed - INTERVAL 14 DAY AND noticed + INTERVAL 14 DAY
    GROUP BY event_id
)
SELECT s.event_id, s.title, s.noticed, round(any_value(u.voices), 2) AS usual_voices,
    min(s.day) FILTER (s.day >= s.noticed - INTERVAL 14 DAY AND s.voices >= 3 * u.voices + 5) AS busy,
    max_by(s.day, s.voices) AS busiest, max(s.voices) AS voices_then,
    any_value(n.first_story) AS first_story, busy - any_value(n.first_story) AS lag_days
FROM spoken AS s JOIN usual AS u USING (event_id) LEFT JOIN stories AS n USING (event_id)
GROUP BY s.event_id, s.title, s.noticed
ORDER BY s.noticed;

-- 14. Growth of one post: how did the post with the widest reach come by it?
-- Read: a row each time that a run saw it. gained is against the time before. The demo sees every post once: one row, nothing gained.
SELECT m.source, m.post_id, p.created_at, m.observed_at, m.likes, m.replies, m.shares,
    coalesce(m.likes, 0) + coalesce(m.replies, 0) + coalesce(m.shares, 0) AS reach,
    reach - coalesce(lag(reach) OVER (ORDER BY m.observed_at), reach) AS gained
FROM post_metrics AS m
JOIN (SELECT source, post_id, created_at FROM top_posts WHERE brand = 'lumio' ORDER BY reach DESC, created_at LIMIT 1) AS p USING (source, post_id)
ORDER BY m.observed_at;

-- 15. Last month's PDF against now: what did the report of four weeks before the newest say (else the newest), and what does the store say today?
-- Read: a difference comes from posts deleted or collected since. Published numbers themselves never change. n is authors.
WITH chosen AS (
    SELECT coalesce(
        max(published_at) FILTER (published_at <= newest - INTERVAL 28 DAY),
        any_value(newest)
    ) AS published_at
    FROM (SELECT published_at, max(published_at) OVER () AS newest FROM published_against_now WHERE brand = 'lumio')
)
SELECT report_id, week, scope, measure, round(value_published, 1) AS printed, n_published, round(value_now, 1) AS now, n_now,
    round(difference, 1) + 0 AS difference
FROM published_against_now JOIN chosen USING (published_at)
WHERE brand = 'lumio' AND scope IN ('all', 'practices')
ORDER BY abs(difference) DESC, week DESC, scope, measure
LIMIT 20;

-- 16. Attention to the reply: did people still speak of the event's themes after the company answered?
-- Read: share is of the day's voices. Day 0 is the reply. A reply that is itself talked of keeps the share up for some days.
SELECT e.event_id, e.responded, p.day, p.day - e.responded AS days_after_reply,
    count(DISTINCT p.voice) FILTER (list_has_any(p.themes, e.themes)) AS voices,
    count(DISTINCT p.voice) AS voices_all,
    round(100.0 * voices / voices_all, 1) AS share
FROM policy_events AS e
JOIN brand_posts AS p ON p.brand = e.brand AND p.day BETWEEN e.responded - 7 AND e.responded + 14
WHERE e.brand = 'lumio' AND p.why_not_counted IS NULL
GROUP BY e.event_id, e.responded, p.day
ORDER BY e.responded, p.day;

-- 17. Without copies and officials: does the effect stand when spread texts are one voice and the brand's own handles are left out?
-- Read: compare the two estimates and their intervals. Both are of the same windows. Only as_measured was declared beforehand.
SELECT event_id, measure, round(a.estimate, 1) AS as_measured, round(a.low, 1) AS low, round(a.high, 1) AS high, a.verdict,
    round(w.estimate, 1) AS without, round(w.low, 1) AS without_low, round(w.high, 1) AS without_high, w.verdict AS without_verdict
FROM effect_checks AS a JOIN effect_checks AS w USING (brand, event_id, measure)
WHERE brand = 'lumio' AND a.check_name = 'as_measured' AND w.check_name = 'without_copies_and_officials'
ORDER BY event_id, measure;

-- 18. Language shares: who is heard, and how much is stored but not counted for its language?
-- Read: und is too short to tell. A share that grows where not_counted is all of posts is a public that the numbers do not hear.
SELECT date_trunc('quarter', week)::DATE AS quarter, coalesce(language, 'not read yet') AS language, count(*) AS posts,
    count(*) FILTER (why_not_counted IS NOT NULL) AS not_counted,
    round(100.0 * count(*) / sum(count(*)) OVER (PARTITION BY quarter), 1) AS share
FROM brand_posts
WHERE brand = 'lumio'
GROUP BY quarter, language
ORDER BY quarter, posts DESC, language;

-- 19. Heavy posters: how much of the last 26 weeks comes from few, and what do they say?
-- Read: however much one writes, it is one vote a week. The key is a keyed hash: it names nobody, and leads to no handle.
SELECT source, author_key, sum(posts) AS posts, count(*) AS weeks,
    round(100.0 * sum(posts) / sum(sum(posts)) OVER (), 2) AS share_of_posts,
    round(100 * avg(vote), 1) AS net_trust, sum(practices_posts) AS practices_posts
FROM author_weeks
WHERE brand = 'lumio' AND author_key IS NOT NULL
    AND week > (SELECT max(week) FROM author_weeks WHERE brand = 'lumio') - INTERVAL 26 WEEK
GROUP BY source, author_key
ORDER BY posts DESC, source, author_key
LIMIT 20;

-- 20. Which posts moved this week: of the newest week collected in full, which pulled the way that it went?
-- Read: pull is what a post adds to the week's net trust, in points: its author's vote over all votes, shared among the author's posts.
-- moved is against the mean of the eight weeks before. Many small pulls are a change of mood, a wide reach is one voice.
WITH weeks AS (
    SELECT week, net_trust, authors, net_trust - avg(net_trust) OVER (ORDER BY week ROWS BETWEEN 8 PRECEDING AND 1 PRECEDING) AS moved
    FROM trust_weekly
    WHERE brand = 'lumio' AND scope = 'all' AND coverage = 'complete'
    ORDER BY week DESC
    LIMIT 1
)
SELECT w.week, round(w.net_trust, 1) AS net_trust, round(w.moved, 1) AS moved, round(100.0 * a.vote / w.authors / a.posts, 2) AS pull,
    coalesce(p.likes, 0) + coalesce(p.replies, 0) + coalesce(p.shares, 0) AS reach,
    p.source, p.created_at, round(p.compound, 2) AS compound, p.themes, left(p.text, 120) AS text
FROM weeks AS w
JOIN author_weeks AS a ON a.brand = 'lumio' AND a.week = w.week AND sign(a.vote) = sign(w.moved)
JOIN brand_posts AS p ON p.brand = a.brand AND p.week = a.week AND p.source = a.source AND p.voice = a.voice
WHERE p.why_not_counted IS NULL
ORDER BY reach DESC, abs(pull) DESC, abs(p.compound) DESC, p.created_at
LIMIT 20;

-- 21. Claims by week: who voices what of the terms, and what the terms had of it then?
-- Read: clause says what the terms had of it before that week. A share is of a week's authors, and an empty one is a week not counted by the present query yet.
SELECT claim, week, authors, authors_all, round(share, 1) AS share, round(low, 1) AS low, round(high, 1) AS high, denying_authors, clause, coverage
FROM claims_weekly
WHERE brand = 'lumio'
ORDER BY claim, week;

-- 22. Belief against text: where do people say what the terms do not?
-- Read: a claim that is widely voiced with clause_now = not_found, or that nobody confirmed, is where an answer is due.
SELECT says, status, clause_now, clause_at_event, first_week, last_week, week, round(share, 1) AS share, authors_all, round(change, 1) AS change,
    round(change_low, 1) AS change_low, round(change_high, 1) AS change_high
FROM claims_against_text
WHERE brand = 'lumio'
ORDER BY place;

-- 23. The response: how many speak of it, and do they accept or reject it?
-- Read: rules over words find at least so many and hear no irony: read texts of response_posts first. A voice counts once; whoever does both is in neither count.
SELECT event_id, count(*) AS voices, count(*) FILTER (len(said) > 0) AS speaking,
    count(*) FILTER (list_contains(said, 'accepts') AND NOT list_contains(said, 'rejects')) AS accepting,
    count(*) FILTER (list_contains(said, 'rejects') AND NOT list_contains(said, 'accepts')) AS rejecting
FROM (
    SELECT event_id, source, voice, coalesce(list(DISTINCT stance) FILTER (stance <> 'silent'), []) AS said
    FROM response_posts
    WHERE brand = 'lumio' AND why_not_counted IS NULL AND speaker <> 'official'
    GROUP BY event_id, source, voice
)
GROUP BY event_id;
