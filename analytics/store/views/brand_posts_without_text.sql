-- The same as brand_posts without title, text and links: for counting, many times as fast.
-- key: brand, source, post_id
-- brand: slug of the brand
-- source: where the post comes from
-- post_id: its id there, or a hash of its fields where the source gives none
-- created_at: when it was posted, UTC
-- day: UTC day of created_at
-- week: Monday of that UTC week
-- author_key: keyed hash of source and handle; NULL where the author is unknown
-- voice: who speaks: the author key, or the post itself where the author is unknown (each such post is one voice)
-- kind: post, comment, review, story, question …
-- lang: language as the source gives it: often its guess, or that of a menu
-- language: language of its words as read here (ISO 639-1); und where it cannot be told; NULL where it is not read yet
-- thread_id: the discussion it belongs to
-- rating: stars as the source gives them, NULL where it has none
-- neg: share of negative words by the configured scorer, 0 to 1
-- neu: share of neutral words, 0 to 1
-- pos: share of positive words, 0 to 1
-- compound: the configured scorer's result, −1 to 1
-- vote: sign of compound: 1 from 0.05, −1 to −0.05, else 0
-- themes: the themes it speaks of, sorted; empty list for none
-- practices: whether it speaks of data or AI practices
-- speaker: official (the brand's own handle), press (an article of a news feed); of posts on practices also what their own words say: official, press, leaving, administrator, customer; else unknown; see docs/speakers.md
-- copy_group: shared by posts with the same text of 40 characters or more, word for word or, where they speak of practices, nearly; NULL for shorter ones
-- why_not_scored: NULL where scored, else the reason: in another language (than the brand's), no text that can be scored, not scored yet
-- why_not_counted: NULL where it counts in the weekly numbers, else the reason
-- truncated: over 20,000 characters: matched and scored on the first 20,000
-- likes: newest observation
-- replies: newest observation
-- shares: newest observation
CREATE OR REPLACE VIEW brand_posts_without_text AS
WITH mentioned AS (
    SELECT m.brand, m.source, m.post_id, b.official_keys, b.scorer, b.scorer_version, b.taxonomy_version, o.language,
        coalesce(o.language NOT IN ('und', coalesce(l.language, 'en')), false) AS in_another_language
    FROM mentions AS m /* SEMI JOIN posts_to_gather USING (brand, source, post_id) */
    JOIN brands AS b ON b.brand = m.brand AND b.query_hash = m.query_hash
    LEFT JOIN brand_languages AS l ON l.brand = m.brand
    LEFT JOIN (FROM post_languages /* SEMI JOIN posts_to_gather USING (source, post_id) */) AS o ON o.source = m.source AND o.post_id = m.post_id
),
themes_of_posts AS (
    SELECT pt.source, pt.post_id, pt.taxonomy_version, list(pt.theme ORDER BY pt.theme) AS themes, bool_or(t.practices) AS practices
    FROM post_themes AS pt JOIN themes AS t USING (taxonomy_version, theme) /* SEMI JOIN posts_to_gather USING (source, post_id) */
    GROUP BY pt.source, pt.post_id, pt.taxonomy_version
),
newest_metrics AS (
    SELECT source, post_id, max_by(likes, observed_at) AS likes, max_by(replies, observed_at) AS replies,
        max_by(shares, observed_at) AS shares
    FROM post_metrics /* SEMI JOIN posts_to_gather USING (source, post_id) */
    GROUP BY source, post_id
),
copies AS (SELECT source, post_id, copy_group FROM copy_signatures WHERE copy_group IS NOT NULL)
SELECT m.brand, m.source, m.post_id, p.created_at, p.created_at::DATE AS day,
    date_trunc('week', p.created_at)::DATE AS week,
    p.author_key, coalesce(p.author_key, 'post:' || m.source || ':' || m.post_id) AS voice,
    p.kind, p.lang, m.language, p.thread_id, p.rating,
    -- What an earlier release scored in a language that its scorer cannot read is no score.
    CASE WHEN m.in_another_language THEN NULL ELSE s.neg END AS neg,
    CASE WHEN m.in_another_language THEN NULL ELSE s.neu END AS neu,
    CASE WHEN m.in_another_language THEN NULL ELSE s.pos END AS pos,
    CASE WHEN m.in_another_language THEN NULL ELSE s.compound END AS compound,
    (CASE WHEN m.in_another_language THEN NULL
        WHEN s.compound >= 0.05 THEN 1 WHEN s.compound <= -0.05 THEN -1 WHEN s.compound IS NOT NULL THEN 0 END)::TINYINT AS vote,
    coalesce(th.themes, []::VARCHAR[]) AS themes,
    coalesce(th.practices, false) AS practices,
    CASE WHEN list_contains(m.official_keys, p.author_key) THEN 'official' WHEN p.kind = 'article' THEN 'press'
        ELSE coalesce(sp.speaker, 'unknown') END AS speaker,
    coalesce(c.copy_group, CASE WHEN length(p.text) >= 40 THEN md5_number_lower(lower(trim(p.text))) END) AS copy_group,
    CASE WHEN m.in_another_language THEN 'in another language'
        WHEN s.post_id IS NULL THEN 'not scored yet' WHEN s.compound IS NULL THEN 'no text that can be scored' END AS why_not_scored,
    CASE WHEN f.flag IS NOT NULL THEN f.flag WHEN m.in_another_language THEN 'in another language'
        WHEN s.compound IS NULL THEN 'not scored' END AS why_not_counted,
    p.truncated, mt.likes, mt.replies, mt.shares
FROM mentioned AS m
JOIN (FROM posts /* SEMI JOIN posts_to_gather USING (source, post_id) */) AS p ON p.source = m.source AND p.post_id = m.post_id
LEFT JOIN post_speakers AS sp ON sp.source = m.source AND sp.post_id = m.post_id
LEFT JOIN copies AS c ON c.source = m.source AND c.post_id = m.post_id
LEFT JOIN (FROM scores /* SEMI JOIN posts_to_gather USING (source, post_id) */) AS s ON s.source = m.source AND s.post_id = m.post_id AND s.scorer = m.scorer AND s.version = m.scorer_version
LEFT JOIN themes_of_posts AS th ON th.source = m.source AND th.post_id = m.post_id AND th.taxonomy_version = m.taxonomy_version
LEFT JOIN newest_metrics AS mt ON mt.source = m.source AND mt.post_id = m.post_id
LEFT JOIN source_flags AS f ON f.brand = m.brand AND f.source = m.source AND f.flag = 'sparse_in_shared_file';
