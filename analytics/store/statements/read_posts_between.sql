-- The posts in a stretch of the table, with the text that is searched and scored. Places are looked up without a scan.
SELECT rowid AS place, source, post_id, left(concat_ws(chr(10), title, text), 20000) AS searched
FROM posts WHERE rowid BETWEEN $first AND $last ORDER BY rowid;
