-- One day of a signal; a later look at the same day is the better one.
INSERT INTO signals (brand, day, name, kind, value) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (brand, day, name) DO UPDATE SET kind = excluded.kind, value = excluded.value;
