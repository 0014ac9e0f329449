-- The posts at the wanted places, with the text that is searched and scored. By the bounds only a stretch is looked at.
SELECT rowid AS place, source, post_id, left(concat_ws(chr(10), title, text), 20000) AS searched
FROM posts WHERE rowid BETWEEN $first AND $last AND rowid IN (SELECT place FROM wanted_places) ORDER BY rowid;
