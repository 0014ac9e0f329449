INSERT INTO copy_signatures (source, post_id, version, bands, copy_group)
SELECT f.source, f.post_id, $version, f.bands, g.copy_group
FROM found_rows AS f LEFT JOIN found_groups AS g USING (row) /* SEMI JOIN posts AS p ON p.source = f.source AND p.post_id = f.post_id */;
