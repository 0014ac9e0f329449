-- One way of asking for an effect, and what it gave.
INSERT INTO event_specifications (brand, event_id, measure, place, choices_changed, scorer, method, before_bins, after_bins,
    peers, themes, voices, author_weeks, estimate, low, high, p_value, verdict, combinations, run_id)
VALUES ($brand, $event_id, $measure, $place, $choices_changed, $scorer, $method, $before_bins, $after_bins,
    $peers, $themes, $voices, $author_weeks, $estimate, $low, $high, $p_value, $verdict, $combinations, $run_id);
