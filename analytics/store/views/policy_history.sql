-- One row a recorded version of a brand's terms, with what differs from the version before.
-- key: brand, document, recorded_at
-- brand: slug of the brand
-- document: name of the document, such as Terms of Service
-- recorded_at: when this text was recorded, UTC; it may have stood for longer
-- origin: repository (of Open Terms Archive), file (kept by date), page (watched)
-- reference: commit, path of the file in its folder, or address of the page
-- technical: recorded anew because its recorder reads the page in another way since
-- characters: length of the text, Markdown included
-- previous_at: when the version before it was recorded; NULL for the first
-- stated_effective: day from which on the text says that it holds; NULL where it does not say
-- first_seen: the day the change can first have been read: stated_effective where that lies between the two versions, else the day of recording
-- direction: widens, narrows, mixed or unclear: what the change lets the brand do with data; NULL for the first version
-- themes: themes of the sentences that came or went
-- added: sentences that came
-- removed: sentences that went
-- telling: the sentence that came or went to be read first: it goes the way of the change and has most themes
-- noise: why this is no change of the terms; empty where it is one, NULL for the first version
-- restores: when the earlier version was recorded whose words this one has again; NULL where there is none
-- confirmed_events: events that a person says this change belongs to
-- rejected_events: events that a person says it does not belong to
-- confirmed_by: who said so last; NULL where nobody did
-- confirmed_at: and when, UTC
CREATE OR REPLACE VIEW policy_history AS
WITH said AS (
    SELECT brand, document, recorded_at,
        list_sort(list(event_id) FILTER (confirmed)) AS confirmed_events,
        list_sort(list(event_id) FILTER (NOT confirmed)) AS rejected_events,
        arg_max(confirmed_by, confirmed_at) AS confirmed_by,
        max(confirmed_at) AS confirmed_at
    FROM policy_confirmations
    GROUP BY ALL
)
SELECT v.brand, v.document, v.recorded_at, v.origin, v.reference, v.technical, length(v.text) AS characters, c.previous_at,
    c.stated_effective,
    CASE WHEN c.stated_effective > c.previous_at::DATE AND c.stated_effective < v.recorded_at::DATE THEN c.stated_effective
        ELSE v.recorded_at::DATE END AS first_seen,
    c.direction, c.themes, c.added, c.removed, c.telling,
    CASE WHEN v.technical AND c.previous_at IS NOT NULL
        THEN 'recorded anew by other rules of its recorder' ELSE c.noise END AS noise,
    c.restores, coalesce(s.confirmed_events, []) AS confirmed_events, coalesce(s.rejected_events, []) AS rejected_events,
    s.confirmed_by, s.confirmed_at
FROM policy_versions AS v
LEFT JOIN policy_changes AS c USING (brand, document, recorded_at)
LEFT JOIN said AS s USING (brand, document, recorded_at);
