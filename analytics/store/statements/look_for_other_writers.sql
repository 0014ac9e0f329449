-- Equal to what it was: nobody but this reader has added, scored, tagged or erased a post since. Quick at any size.
SELECT (SELECT value FROM store_settings WHERE name = 'last_reading'), (SELECT count(*) FROM posts),
    (SELECT count(*) FROM mentions), (SELECT count(*) FROM purges);
