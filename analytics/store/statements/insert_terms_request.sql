INSERT INTO terms_requests (run_id, brand, document, page_hash, address, asked_at, outcome, problem, etag, modified)
VALUES ($run_id, $brand, $document, $page_hash, $address, $asked_at, $outcome, $problem, $etag, $modified);
