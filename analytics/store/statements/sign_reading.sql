INSERT INTO store_settings VALUES ('last_reading', $reading) ON CONFLICT DO UPDATE SET value = excluded.value;
