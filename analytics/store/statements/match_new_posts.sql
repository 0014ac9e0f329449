-- Which new posts speak of the brand. {matched}: the brand's own condition.
INSERT INTO matched_posts
SELECT source, post_id
FROM (SELECT source, post_id, left(concat_ws(chr(10), title, text), 20000) AS searched FROM new_posts) AS arrived
WHERE ({matched});
