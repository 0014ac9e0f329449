MERGE INTO brand_languages USING (VALUES (?, ?)) AS given (brand, language) USING (brand)
WHEN MATCHED THEN UPDATE SET language = given.language
WHEN NOT MATCHED THEN INSERT BY NAME;
