-- Whether anything was matched to other claims of the brand than those in force.
SELECT 1 FROM posts_matched_to_claims WHERE brand = $brand AND claims_hash <> $claims_hash LIMIT 1;
