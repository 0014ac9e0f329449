-- How the posts at the wanted places begin. By the bounds only a stretch is looked at.
SELECT source, post_id, left(concat_ws(chr(10), title, text), $characters) AS beginning
FROM posts WHERE rowid BETWEEN $first AND $last AND rowid IN (SELECT place FROM wanted_places) ORDER BY rowid;
