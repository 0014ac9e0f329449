INSERT INTO event_effects (brand, event_id, measure, role, event_date, as_of, estimate, low, high, p_value, smallest_p,
    placebos, placebo_estimates, independent_windows, smallest_visible, verdict, reason, before_mean, after_mean,
    before_authors, after_authors, before_bins, after_bins, peers, dates_not_separable, alpha, scorer, version, run_id)
VALUES ($brand, $event_id, $measure, $role, $event_date, $as_of, $estimate, $low, $high, $p_value, $smallest_p,
    $placebos, $placebo_estimates, $independent_windows, $smallest_visible, $verdict, $reason, $before_mean, $after_mean,
    $before_authors, $after_authors, $before_bins, $after_bins, $peers, $dates_not_separable, $alpha, $scorer, $version, $run_id)
ON CONFLICT DO UPDATE SET role = excluded.role, event_date = excluded.event_date, as_of = excluded.as_of,
    estimate = excluded.estimate, low = excluded.low, high = excluded.high, p_value = excluded.p_value,
    smallest_p = excluded.smallest_p, placebos = excluded.placebos, placebo_estimates = excluded.placebo_estimates,
    independent_windows = excluded.independent_windows, smallest_visible = excluded.smallest_visible,
    verdict = excluded.verdict, reason = excluded.reason, before_mean = excluded.before_mean,
    after_mean = excluded.after_mean, before_authors = excluded.before_authors, after_authors = excluded.after_authors,
    before_bins = excluded.before_bins, after_bins = excluded.after_bins, peers = excluded.peers,
    dates_not_separable = excluded.dates_not_separable, alpha = excluded.alpha, version = excluded.version,
    run_id = excluded.run_id;
