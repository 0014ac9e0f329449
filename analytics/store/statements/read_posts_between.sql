-- The posts at the wanted places, with the text that is searched and scored. By the bounds only a stretch is looked at.
-- {wanted}: all of it, or those in wanted_places. They come in the order of their places, which whoever asks has to check.
SELECT rowid AS place, source, post_id, left(concat_ws(chr(10), title, text), 20000) AS searched
FROM posts WHERE rowid BETWEEN $first AND $last AND {wanted};
