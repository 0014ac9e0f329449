MERGE INTO figure_queries
USING (SELECT unnest($1::VARCHAR[]) AS sql_hash, unnest($2::VARCHAR[]) AS sql) AS given
USING (sql_hash)
WHEN NOT MATCHED THEN INSERT BY NAME;
