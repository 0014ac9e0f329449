INSERT INTO policy_changes (brand, document, recorded_at, previous_at, rules, stated_effective, themes, added, removed, telling,
    direction, noise, restores)
VALUES ($brand, $document, $recorded_at, $previous_at, $rules, $stated_effective, $themes, $added, $removed, $telling, $direction,
    $noise, $restores);
