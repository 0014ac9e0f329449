-- Days of a signal; a later look at the same day is the better one.
MERGE INTO signals USING given_rows AS given USING (brand, day, name)
WHEN MATCHED THEN UPDATE SET kind = given.kind, value = given.value
WHEN NOT MATCHED THEN INSERT BY NAME;
