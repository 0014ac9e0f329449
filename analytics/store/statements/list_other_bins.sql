-- One row a kind of voices other than all, source and 7-day bin on the event's own grid, before $as_of.
SELECT kind, date_diff('day', $event_date::DATE, start) // 7 AS bin, source, authors, rating_authors,
    net_trust / authors AS net_trust, attention / authors AS attention, rating / nullif(rating_authors, 0) AS rating,
    -- The sampling variance of each mean: of voices, over their number.
    greatest(net_trust_squares - net_trust * net_trust / authors, 0) / nullif(authors - 1, 0) / authors AS net_trust_variance,
    greatest(attention_squares - attention * attention / authors, 0) / nullif(authors - 1, 0) / authors AS attention_variance,
    greatest(rating_squares - rating * rating / nullif(rating_authors, 0), 0) / nullif(rating_authors - 1, 0) / nullif(rating_authors, 0) AS rating_variance
FROM voice_bins
WHERE brand = $brand AND counted_by = $counted_by AND start + 7 <= $as_of::DATE AND date_diff('day', $event_date::DATE, start) % 7 = 0
ORDER BY kind, bin, source;
