-- Words and pairs of neighbouring words that more voices use this week than in the eight weeks before, by the log-odds ratio with an
-- informative Dirichlet prior (Monroe, Colaresi and Quinn 2008, Political Analysis 16(4)). A voice counts once a week for a term, and
-- copies of a text are one voice. The prior is the term's share of both periods, as heavy as the week itself. Told are terms of five
-- voices or more with z of 3 or more; names of brands, links and handles are left out, function words too.
-- Of more than 8,000 posts this week, and of more than 8,000 before, a sample of voices is read, drawn by the key of
-- the author, which is a hash: the same one at any time. How often terms are used is compared, which needs no equal samples.
WITH heard AS MATERIALIZED (
    SELECT week, voice, author_key, copy_group, created_at, source, post_id FROM brand_posts_without_text
    WHERE brand = $brand AND week BETWEEN $week - INTERVAL 56 DAY AND $week AND created_at >= $week - INTERVAL 56 DAY
        AND created_at < $week + INTERVAL 7 DAY AND why_not_counted IS NULL AND speaker <> 'official'
),
rates AS MATERIALIZED (
    -- Of all keys as many as the rate says lie below what is drawn: they are hexadecimal digits. No character comes after the last one of Unicode.
    SELECT *, CASE WHEN rate_now < 1 THEN printf('%08x', (rate_now * 4294967296)::BIGINT) ELSE chr(1114111) END AS drawn_now,
        CASE WHEN rate_before < 1 THEN printf('%08x', (rate_before * 4294967296)::BIGINT) ELSE chr(1114111) END AS drawn_before
    FROM (
        SELECT least(1.0, 8000 / greatest(count(*) FILTER (week = $week), 1)) AS rate_now,
            least(1.0, 8000 / greatest(count(*) FILTER (week < $week), 1)) AS rate_before
        FROM heard
    )
),
drawn AS MATERIALIZED (
    SELECT h.* FROM heard AS h, rates
    WHERE coalesce(h.author_key, md5(h.voice)) < CASE WHEN h.week = $week THEN drawn_now ELSE drawn_before END
),
posts_read AS MATERIALIZED (
    SELECT d.week, d.voice, d.copy_group::VARCHAR AS copy_group, d.created_at, d.post_id, p.title, p.text
    FROM drawn AS d JOIN posts AS p ON p.source = d.source AND p.post_id = d.post_id AND p.created_at = d.created_at
),
copied AS (
    -- Whoever passes a text on speaks with the voice that had it first.
    SELECT copy_group, arg_min(voice, (created_at, post_id)) AS first_voice FROM posts_read
    WHERE copy_group IS NOT NULL GROUP BY copy_group HAVING count(*) > 1
),
said AS MATERIALIZED (
    SELECT p.week, coalesce(c.first_voice, p.voice) AS speaks,
        -- Links, handles and the marks between sentences are tokens too: nothing is a pair across them.
        regexp_extract_all(replace(lower(coalesce(p.title || ' . ', '') || left(p.text, 20000)), '’', ''''),
            '(?:https?://|www\.)\S+|@[\w.-]+|[\p{L}\p{N}]+(?:[''-][\p{L}\p{N}]+)*|[.!?;:,()"“”\n]') AS list
    FROM posts_read AS p LEFT JOIN copied AS c ON c.copy_group = p.copy_group
),
names AS (SELECT DISTINCT lower(unnest(masked_names || [name])) AS name FROM brands WHERE brand = $brand),
in_turn AS MATERIALIZED (
    SELECT week, speaks, unnest(list) AS word, unnest(list[2:] || ['.']) AS next FROM said
),
words AS MATERIALIZED (SELECT DISTINCT word FROM in_turn),  -- judged once each, however often they are said
known AS MATERIALIZED (
    SELECT word, len(word) > 1 AND regexp_matches(word, '\p{L}') AND NOT regexp_matches(word, '^(https?://|www\.|@)')
        AND NOT list_contains($function_words, word)
        AND word NOT IN (SELECT name FROM names) AS tells
    FROM words
),
terms AS (
    SELECT DISTINCT i.week, i.speaks, i.word AS term FROM in_turn AS i SEMI JOIN (SELECT word FROM known WHERE tells) AS k ON k.word = i.word
    UNION ALL
    SELECT DISTINCT i.week, i.speaks, i.word || ' ' || i.next FROM in_turn AS i
    SEMI JOIN (SELECT word FROM known WHERE tells) AS k ON k.word = i.word
    SEMI JOIN (SELECT word FROM known WHERE tells) AS l ON l.word = i.next
),
counted AS MATERIALIZED (
    SELECT term, count(*) FILTER (week = $week)::DOUBLE AS now, count(*) FILTER (week < $week)::DOUBLE AS before
    FROM terms WHERE term NOT IN (SELECT name FROM names) GROUP BY term
),
totals AS (SELECT sum(now) AS all_now, sum(before) AS all_before FROM counted),
voices AS (
    SELECT count(DISTINCT speaks) FILTER (week = $week) AS voices_now, count(DISTINCT (week, speaks)) FILTER (week < $week) AS voices_before
    FROM said
),
priors AS (
    -- Of both periods as they were, and not as they were drawn.
    SELECT c.*, t.*, t.all_now * (c.now / rate_now + c.before / rate_before) / (t.all_now / rate_now + t.all_before / rate_before) AS prior
    FROM counted AS c, totals AS t, rates WHERE c.now >= 5 AND t.all_before > 0
),
judged AS (
    SELECT *, (ln((now + prior) / (2 * all_now - now - prior)) - ln((before + prior) / (all_before + all_now - before - prior)))
        / sqrt(1 / (now + prior) + 1 / (before + prior)) AS z
    FROM priors
),
chosen AS (
    -- A word that nearly always stands in a pair that is told is told by the pair.
    SELECT * FROM judged AS j
    WHERE z >= 3 AND NOT EXISTS (SELECT 1 FROM judged AS p WHERE p.z >= 3 AND p.term <> j.term AND p.now >= 0.8 * j.now
        AND (starts_with(p.term, j.term || ' ') OR ends_with(p.term, ' ' || j.term)))
    QUALIFY row_number() OVER (ORDER BY z DESC, term) <= 10
),
told AS (
    SELECT term, z AS order_by, 'z' AS measure, z AS value, now::BIGINT AS n FROM chosen
    UNION ALL SELECT term, z, 'share_now', 100 * now / voices_now, voices_now FROM chosen, voices
    UNION ALL SELECT term, z, 'share_before', 100 * before / voices_before, voices_before FROM chosen, voices
)
SELECT 'rising_terms/' || $brand || '/' || $week || '/' || term || '/' || measure AS figure_id, $brand AS brand, $week AS week,
    term AS scope, measure, value, NULL::DOUBLE AS low, NULL::DOUBLE AS high, n
FROM told
ORDER BY order_by DESC, term, measure;
