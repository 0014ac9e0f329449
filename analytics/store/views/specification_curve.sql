-- One row a way of asking for an effect (a specification): its choices and what it gave. All but the declared one claim nothing, and neither do they together.
-- key: brand, event_id, measure, place
-- brand: slug of the brand
-- event_id: the policy event
-- title: what the event is
-- measure: as in effects: the event's primary one, and net_trust
-- place: 0 is the declared way; the others follow in the order in which they were taken
-- declared: whether it is the declared way, as it stands in effects
-- choices_changed: in how many choices it differs from the declared way
-- scorer: by which posts were scored
-- method: by_precision (weeks weighed, against all of the past), ranked (among windows of before_bins weeks)
-- before_bins: weeks before
-- after_bins: weeks after
-- peers: all, none, without SLUG
-- themes: event, practices (all of them), without THEME; empty where the measure reads no themes
-- voices: as_measured, without_copies_and_officials, source_weights (sources held at their shares of voices before the event)
-- n: author-weeks compared, before and after
-- estimate: as in effects
-- low: as in effects
-- high: upper end
-- p_value: as in effects, of this way by itself; there is none over all ways
-- verdict: as in effects
-- combinations: how many ways there are of which these were taken
-- event_date: the day tested
-- as_of: posts before this day were used
CREATE OR REPLACE VIEW specification_curve AS
SELECT s.brand, s.event_id, e.title, s.measure, s.place, s.place = 0 AS declared, s.choices_changed, s.scorer, s.method, s.before_bins,
    s.after_bins, s.peers, s.themes, s.voices, s.author_weeks AS n, s.estimate, s.low, s.high, s.p_value, s.verdict, s.combinations,
    x.event_date, x.as_of
FROM event_specifications AS s
JOIN event_effects AS x ON x.brand = s.brand AND x.event_id = s.event_id AND x.measure = s.measure AND x.run_id = s.run_id
JOIN brands AS b ON b.brand = x.brand AND b.scorer = x.scorer
LEFT JOIN policy_events AS e ON e.brand = s.brand AND e.event_id = s.event_id;
