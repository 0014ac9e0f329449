INSERT INTO brands (brand, name, declared_by, query_hash, scorer, scorer_version, also_scored, masked_names, model,
    taxonomy_version, official_keys, time_zone, file_fingerprint)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT DO UPDATE SET name = excluded.name, declared_by = excluded.declared_by, query_hash = excluded.query_hash,
    scorer = excluded.scorer, scorer_version = excluded.scorer_version, also_scored = excluded.also_scored,
    masked_names = excluded.masked_names, model = excluded.model, taxonomy_version = excluded.taxonomy_version,
    official_keys = excluded.official_keys, time_zone = excluded.time_zone, file_fingerprint = excluded.file_fingerprint;
