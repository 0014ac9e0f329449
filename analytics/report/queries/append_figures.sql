-- Append a report's figures; what stands already stays as it is.
MERGE INTO published_figures
USING (
    SELECT $report_id AS report_id, unnest($figure_ids::VARCHAR[]) AS figure_id, unnest($brands::VARCHAR[]) AS brand,
        unnest($weeks::DATE[]) AS week, unnest($scopes::VARCHAR[]) AS scope, unnest($measures::VARCHAR[]) AS measure,
        unnest($values::DOUBLE[]) AS value, unnest($lows::DOUBLE[]) AS low, unnest($highs::DOUBLE[]) AS high,
        unnest($ns::BIGINT[]) AS n, unnest($hashes::VARCHAR[]) AS sql_hash, $run_id AS run_id,
        $published_at::TIMESTAMP AS published_at
) AS given
USING (report_id, figure_id)
WHEN NOT MATCHED THEN INSERT BY NAME;
