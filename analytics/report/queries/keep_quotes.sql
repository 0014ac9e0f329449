-- Keep which posts a file quotes, in their order, with what it prints beside them.
INSERT INTO report_quotes (path, content_hash, period, place, source, post_id, reach, compound, rating, themes)
SELECT $path, $content_hash, unnest($periods::VARCHAR[]), unnest(range(len($periods::VARCHAR[]))),
    unnest($sources::VARCHAR[]), unnest($post_ids::VARCHAR[]), unnest($reaches::BIGINT[]), unnest($compounds::DOUBLE[]),
    unnest($ratings::DOUBLE[]), unnest($themes::VARCHAR[][]);
