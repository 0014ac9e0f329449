-- One row an event, measure and part: of what the raw change is made (same voices saying something else, other voices speaking).
-- key: brand, event_id, measure, part
-- brand: slug of the brand
-- event_id: the policy event
-- title: what the event is
-- measure: as in effects
-- part: raw_change: mean after less mean before, brand only, as in effects; the other rows add up to it: returning_authors (what those who spoke in both windows say, at their mean weight), returning_activity (which of them speak more), newcomers, leavers (both against the returning authors of their window, at equal mix); voices (these four together, where they cannot be told apart); source_mix, language_mix (who speaks where, and in which language there)
-- change: in the units of the measure
-- low: lower end of the 95 % interval by drawing authors anew: sampling only; NULL under 10 voices in a window, and of who changed also where under 5 returning authors differ from the rest of them
-- high: upper end
-- voices: voices that it stands on; those without a known author are one a post and cannot return
-- answered: false where under 30 authors spoke in both windows
-- reason: how many returned, came and left, and what cannot be answered
-- event_date: the day tested
-- as_of: posts before this day were used
-- scorer: by which posts were scored
CREATE OR REPLACE VIEW effect_parts AS
SELECT p.brand, p.event_id, e.title, p.measure, p.part, p.change, p.low, p.high, p.voices, p.answered, p.reason, x.event_date, x.as_of, p.scorer
FROM event_parts AS p
JOIN event_effects AS x USING (brand, event_id, measure, scorer)
LEFT JOIN policy_events AS e USING (brand, event_id);
