-- One row a brand, week, source and voice: the vote that a person has in a week.
-- key: brand, week, source, voice
-- brand: slug of the brand
-- week: Monday of the UTC week
-- source: where from; one person on two platforms is two voices
-- author_key: keyed hash; NULL where the author is unknown
-- voice: the author key, or the post itself where the author is unknown
-- mean: mean compound of the voice's posts in the week, −1 to 1
-- vote: its sign: 1 from 0.05, −1 to −0.05, else 0
-- posts: posts in the week
-- practices_posts: of these, posts about data or AI practices
-- practices_mean: mean compound of those; NULL where there are none
-- first_seen_week: the first week in which this voice spoke of this brand: equal to week for a newcomer
CREATE OR REPLACE VIEW author_weeks AS
SELECT brand, week, source, any_value(author_key) AS author_key, voice, sum(compound::DECIMAL(18, 6))::DOUBLE / count(*) AS mean,
    (CASE WHEN mean >= 0.05 THEN 1 WHEN mean <= -0.05 THEN -1 ELSE 0 END)::TINYINT AS vote,
    count(*) AS posts, count(*) FILTER (practices) AS practices_posts,
    sum(compound::DECIMAL(18, 6)) FILTER (practices)::DOUBLE / nullif(count(*) FILTER (practices), 0) AS practices_mean,
    min(week) OVER (PARTITION BY brand, source, voice) AS first_seen_week
FROM brand_posts_without_text
WHERE why_not_counted IS NULL
GROUP BY brand, week, source, voice;
