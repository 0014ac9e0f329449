SELECT arg_max(etag, asked_at), arg_max(modified, asked_at),
    max(asked_at) FILTER (outcome IN ('changed', 'unchanged')) AS whole_at
FROM terms_requests
WHERE brand = $brand AND document = $document AND page_hash = $page_hash AND outcome <> 'failed';
