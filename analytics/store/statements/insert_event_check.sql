-- One further effect that stands beside an event's.
INSERT INTO event_checks (brand, event_id, measure, scorer, check_name, role, check_date, estimate, low, high, p_value, smallest_p,
    placebos, independent_windows, smallest_visible, verdict, before_bins, after_bins, before_authors,
    after_authors, peers, dates_not_separable, sentence, reason, run_id)
VALUES ($brand, $event_id, $measure, $scorer, $check_name, $role, $check_date, $estimate, $low, $high, $p_value,
    $smallest_p, $placebos, $independent_windows, $smallest_visible, $verdict, $before_bins, $after_bins,
    $before_authors, $after_authors, $peers, $dates_not_separable, $sentence, $reason, $run_id);
