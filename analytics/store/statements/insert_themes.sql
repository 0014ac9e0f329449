MERGE INTO themes USING given_rows AS given USING (taxonomy_version, theme)
WHEN NOT MATCHED THEN INSERT BY NAME;
