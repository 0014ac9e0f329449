-- By which hash brands ask a live source now.
MERGE INTO source_questions USING given_rows AS given USING (brand, source)
WHEN MATCHED THEN UPDATE SET query_hash = given.query_hash
WHEN NOT MATCHED THEN INSERT BY NAME;
