-- Which arriving posts speak of the brand. {matched}: the brand's own condition; {excluded}: what it leaves out of them.
INSERT INTO matched_posts
SELECT $listener, place, ({excluded})
FROM (SELECT place, post_id, left(concat_ws(chr(10), title, text), 20000) AS searched FROM arriving_posts) AS arrived
WHERE ({matched});
