-- One person's label of a post that is still stored: whatever was purged meanwhile gets none.
INSERT INTO labels (brand, event_id, source, post_id, "window", stratum, probability, label, labeller, labelled_at)
SELECT $brand, $event_id, p.source, p.post_id, $window, $stratum, $probability, $label, $labeller, $labelled_at::TIMESTAMP
FROM posts AS p WHERE p.source = $source AND p.post_id = $post_id;
