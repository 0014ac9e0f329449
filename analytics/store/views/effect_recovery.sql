-- One row an event and measure: whether a change that was shown has gone back. A claim of equivalence, with a margin set beforehand.
-- key: brand, event_id, measure
-- brand: slug of the brand
-- event_id: the policy event
-- title: what the event is
-- measure: as in effects
-- state: recovered, not_yet (censored at looked_until), cannot_be_told (the margin is smaller than what is visible, or the past too short), nothing_to_recover_from (no change shown)
-- recovered_on: the first day on which it could be said and since which it has held: six weekly looks in a row; NULL unless recovered
-- looked_until: the day after the last week that was looked at
-- margin: how near to the weeks before counts as back, from the brand file, in the units of the measure
-- gap: mean of the last four weeks looked at less mean of the weeks before, less the same of the peers
-- low: lower end of its 90 % interval by earlier gaps at the same distance: inside ±margin, both one-sided tests at 5 % pass
-- high: upper end
-- smallest_margin: the smallest margin by which a gap of 0 would pass
-- placebos: earlier gaps at the same distance
-- authors: author-weeks in those four weeks
-- reason: why, in words
-- event_date: the day tested
-- as_of: posts before this day were used
-- scorer: by which posts were scored
CREATE OR REPLACE VIEW effect_recovery AS
SELECT r.brand, r.event_id, e.title, r.measure, r.state, r.recovered_on, r.looked_until, r.margin, r.gap,
    CASE WHEN r.high - r.low > 1e-9 THEN r.low END AS low, CASE WHEN r.high - r.low > 1e-9 THEN r.high END AS high,
    CASE WHEN r.high - r.low > 1e-9 THEN r.smallest_margin END AS smallest_margin,
    r.placebos, r.authors, r.reason, x.event_date, x.as_of, r.scorer
FROM event_recoveries AS r
JOIN event_effects AS x USING (brand, event_id, measure, scorer)
LEFT JOIN policy_events AS e USING (brand, event_id);
