-- One row an event, measure and check: the same effect asked of other voices, of each peer, and at later dates. All but as_measured are exploratory.
-- key: brand, event_id, measure, check_name
-- brand: slug of the brand
-- event_id: the policy event
-- title: what the event is
-- measure: as in effects
-- check_name: as_measured; source_weights (sources held at their shares of voices before the event); without_copies_and_officials (posts of one copy group in a week are one voice, the brand's own handles are left out); customers (posts on practices that say that their author uses, pays, decides or leaves); peer:<slug> (that peer's own change); without_peers_that_moved; responded, reversed (the same at that day)
-- role: of as_measured its own, else exploratory: no claim
-- event_date: the day tested
-- estimate: as in effects; NULL where there is no answer
-- low: as in effects
-- high: upper end
-- p_value: as in effects
-- smallest_p: the smallest p that this many windows allow
-- placebos: comparable earlier windows
-- independent_windows: of these, windows that do not overlap
-- smallest_visible: the smallest change that could have been seen
-- verdict: as in effects; not_answered: the question does not apply, or the data cannot answer it
-- before_bins: weeks before that were compared
-- after_bins: weeks after
-- before_authors: author-weeks before
-- after_authors: author-weeks after
-- peers: peers whose change was subtracted
-- dates_not_separable: other dates too near for this one to be told apart from them
-- sentence: how unusual the change is, to be repeated by anybody
-- reason: why, in words
-- as_of: posts before this day were used
-- scorer: by which posts were scored
CREATE OR REPLACE VIEW effect_checks AS
SELECT c.brand, c.event_id, e.title, c.measure, c.check_name, c.role, c.check_date AS event_date, c.estimate, c.low, c.high, c.p_value,
    c.smallest_p, c.placebos, c.independent_windows, c.smallest_visible, c.verdict, c.before_bins, c.after_bins, c.before_authors,
    c.after_authors, c.peers, c.dates_not_separable, c.sentence, c.reason, x.as_of, c.scorer
FROM event_checks AS c
JOIN event_effects AS x USING (brand, event_id, measure, scorer)
LEFT JOIN policy_events AS e USING (brand, event_id);
