MERGE INTO store_settings USING (VALUES (?, ?)) AS given (name, value) USING (name)
WHEN MATCHED THEN UPDATE SET value = given.value
WHEN NOT MATCHED THEN INSERT BY NAME;
