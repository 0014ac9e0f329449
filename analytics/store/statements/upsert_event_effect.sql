MERGE INTO event_effects
USING (VALUES ($brand, $event_id, $measure, $role, $event_date, $as_of, $estimate, $low, $high, $p_value, $smallest_p,
    $placebos, $placebo_estimates, $independent_windows, $smallest_visible, $verdict, $reason, $before_mean,
    $after_mean, $before_authors, $after_authors, $before_bins, $after_bins, $peers, $dates_not_separable, $alpha,
    $scorer, $version, $validation, $labels_before, $labels_after, $raw_change, $corrected_change, $corrected_low,
    $corrected_high, $joint_p, $joint_reason, $weighed, $run_id))
    AS given (brand, event_id, measure, role, event_date, as_of, estimate, low, high, p_value, smallest_p, placebos,
    placebo_estimates, independent_windows, smallest_visible, verdict, reason, before_mean, after_mean, before_authors,
    after_authors, before_bins, after_bins, peers, dates_not_separable, alpha, scorer, version, validation,
    labels_before, labels_after, raw_change, corrected_change, corrected_low, corrected_high, joint_p, joint_reason,
    weighed, run_id)
USING (brand, event_id, measure, scorer)
WHEN MATCHED THEN UPDATE SET role = given.role, event_date = given.event_date, as_of = given.as_of,
    estimate = given.estimate, low = given.low, high = given.high, p_value = given.p_value,
    smallest_p = given.smallest_p, placebos = given.placebos, placebo_estimates = given.placebo_estimates,
    independent_windows = given.independent_windows, smallest_visible = given.smallest_visible, verdict = given.verdict,
    reason = given.reason, before_mean = given.before_mean, after_mean = given.after_mean,
    before_authors = given.before_authors, after_authors = given.after_authors, before_bins = given.before_bins,
    after_bins = given.after_bins, peers = given.peers, dates_not_separable = given.dates_not_separable,
    alpha = given.alpha, version = given.version, validation = given.validation, labels_before = given.labels_before,
    labels_after = given.labels_after, raw_change = given.raw_change, corrected_change = given.corrected_change,
    corrected_low = given.corrected_low, corrected_high = given.corrected_high, joint_p = given.joint_p,
    joint_reason = given.joint_reason, weighed = given.weighed, run_id = given.run_id
WHEN NOT MATCHED THEN INSERT BY NAME;
