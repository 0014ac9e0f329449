-- One row a brand, event, measure and scorer: the change at the day of notice against the brand's own earlier windows and its peers.
-- key: brand, event_id, measure, scorer
-- brand: slug of the brand
-- event_id: the policy event
-- title: what the event is
-- measure: attention (share of authors on the event's themes), net_trust (100 × mean compound, all posts), rating (stars)
-- role: primary or second: named in the brand file and tested in this order; exploratory: no claim
-- declared: of the event: declared before the notice (a plan equal to the one in force was frozen before the day tested), or exploratory
-- declared_reason: why, in words
-- plan_hash: of the plan that was looked at (see plans); NULL: none was frozen
-- event_date: the day tested: when it was noticed
-- as_of: posts before this day were used
-- estimate: attention: mean of the weeks after less mean of the weeks before; net_trust and rating: weeks after against the past, by the voices of each week; less the same of the peers
-- low: lower end of the 95 % interval, the changes that p does not reject; NULL where none can be given
-- high: upper end
-- p_value: attention: rank among all windows; net_trust and rating: how often such a series without a change seems to have moved as much; at least 1 in all windows
-- smallest_p: the smallest p that this many windows allow; NULL where the day may only be described
-- joint_p: what may be said of several measures at once: p held against the largest change of any measure at each earlier window (step-down maximum), never below p_value; the verdict does not rest on it; NULL where not tested
-- joint_reason: how many measures and windows it rests on, or why there is none; empty for other scorers
-- weighed: whether weeks count by their voices and p comes from simulated series; false: p is a rank among the earlier windows
-- placebos: comparable earlier windows
-- independent_windows: of these, windows that do not overlap
-- smallest_visible: the smallest change that could have been seen
-- verdict: fell, rose, no_change_shown, descriptive_only (too few windows or voices, or a day that was picked in the same posts), not_comparable
-- claim: the verdict where it may be said: of the primary measure, and of the second once the primary was shown, both by the configured scorer; else none
-- reason: why, in words
-- before_mean: mean of the weeks before, brand only
-- after_mean: mean of the weeks after, brand only
-- before_authors: author-weeks before
-- after_authors: author-weeks after
-- peers: peers whose change was subtracted
-- dates_not_separable: other dates of this event inside its own window
-- scorer: by which posts were scored
-- version: its version
-- validation: whether the scorer was checked against labelled posts of this brand around this event, in words
-- labels_before: labelled posts that count, before
-- labels_after: labelled posts that count, after
-- raw_change: net_trust with 100 labels a window or more: change of the scorer's votes, each voice alike in a bin, brand only, −200 to 200
-- corrected_change: the same, corrected by the labels (prediction-powered inference)
-- corrected_low: lower end of its 95 % interval: how well the scorer reads, not how unusual the change is
-- corrected_high: upper end
CREATE OR REPLACE VIEW effects AS
SELECT x.brand, x.event_id, e.title, x.measure, x.role, d.status AS declared,
    d.reason AS declared_reason, d.plan_hash, x.event_date, x.as_of, x.estimate,
    CASE WHEN x.high - x.low > 1e-9 THEN x.low END AS low, CASE WHEN x.high - x.low > 1e-9 THEN x.high END AS high, x.p_value, x.smallest_p,
    x.joint_p, x.joint_reason, x.weighed,
    x.placebos, x.independent_windows,
    CASE WHEN x.high - x.low > 1e-9 THEN x.smallest_visible END AS smallest_visible, x.verdict,
    CASE WHEN x.verdict IN ('fell', 'rose', 'no_change_shown') AND x.scorer = b.scorer AND x.version = b.scorer_version
        AND (x.role = 'primary' OR (x.role = 'second' AND p.verdict IN ('fell', 'rose'))) THEN x.verdict ELSE 'none' END AS claim, x.reason, x.before_mean, x.after_mean, x.before_authors,
    x.after_authors, x.peers, x.dates_not_separable, x.scorer, x.version, x.validation, x.labels_before, x.labels_after,
    x.raw_change, x.corrected_change, x.corrected_low, x.corrected_high
FROM event_effects AS x
JOIN brands AS b ON b.brand = x.brand
LEFT JOIN policy_events AS e ON e.brand = x.brand AND e.event_id = x.event_id
LEFT JOIN event_effects AS p ON p.brand = x.brand AND p.event_id = x.event_id AND p.scorer = x.scorer AND p.version = x.version AND p.role = 'primary'
LEFT JOIN event_declarations AS d ON d.brand = x.brand AND d.event_id = x.event_id AND d.run_id = x.run_id;
