INSERT INTO policy_changes (brand, document, recorded_at, previous_at, rules, stated_effective, themes, added, removed,
    direction, noise, restores)
VALUES ($brand, $document, $recorded_at, $previous_at, $rules, $stated_effective, $themes, $added, $removed, $direction,
    $noise, $restores);
