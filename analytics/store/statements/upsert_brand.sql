MERGE INTO brands
USING (VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?))
    AS given (brand, name, declared_by, query_hash, scorer, scorer_version, also_scored, masked_names, model,
    taxonomy_version, official_keys, time_zone, file_fingerprint)
USING (brand)
WHEN MATCHED THEN UPDATE SET name = given.name, declared_by = given.declared_by, query_hash = given.query_hash,
    scorer = given.scorer, scorer_version = given.scorer_version, also_scored = given.also_scored,
    masked_names = given.masked_names, model = given.model, taxonomy_version = given.taxonomy_version,
    official_keys = given.official_keys, time_zone = given.time_zone, file_fingerprint = given.file_fingerprint
WHEN NOT MATCHED THEN INSERT BY NAME;
