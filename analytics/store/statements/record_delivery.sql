UPDATE deliveries SET state = $state, attempts = attempts + $attempts, failure = $failure, changed_at = $moment
WHERE item = $item AND target = $target;
