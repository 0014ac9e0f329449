-- A setting that stands already stays as it is.
MERGE INTO store_settings USING (VALUES (?, ?)) AS given (name, value) USING (name)
WHEN NOT MATCHED THEN INSERT BY NAME;
