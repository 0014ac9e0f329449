DELETE FROM first_weeks AS f USING (SELECT DISTINCT brand, source, author FROM {authors}) AS a
WHERE a.brand = f.brand AND a.source = f.source AND a.author = f.author;
