-- One row a choice of themes and 7-day bin on the event's own grid, before $as_of: the share of voices on these themes.
SELECT kind AS choice, date_diff('day', $event_date::DATE, start) // 7 AS bin, attention / authors AS attention
FROM voice_bins
WHERE brand = $brand AND counted_by = $counted_by AND start + 7 <= $as_of::DATE AND date_diff('day', $event_date::DATE, start) % 7 = 0
ORDER BY choice, bin;
