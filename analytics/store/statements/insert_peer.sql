MERGE INTO brand_peers USING (VALUES (?, ?)) AS given (brand, peer) USING (brand, peer)
WHEN NOT MATCHED THEN INSERT BY NAME;
