-- Append a report's figures; what stands already stays as it is.
INSERT INTO published_figures
SELECT $report_id, unnest($figure_ids::VARCHAR[]), unnest($brands::VARCHAR[]), unnest($weeks::DATE[]), unnest($scopes::VARCHAR[]),
    unnest($measures::VARCHAR[]), unnest($values::DOUBLE[]), unnest($lows::DOUBLE[]), unnest($highs::DOUBLE[]),
    unnest($ns::BIGINT[]), unnest($hashes::VARCHAR[]), $run_id, $published_at::TIMESTAMP
ON CONFLICT DO NOTHING;
