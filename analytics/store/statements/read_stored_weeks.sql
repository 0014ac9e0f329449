-- stored_weekly, read from the weeks that were counted: in force with the reading of gathered_posts.
CREATE OR REPLACE VIEW stored_weekly AS
SELECT brand, week, month, source, kind, language, posts, truncated, unscored, other_language, without_author, official, repeats FROM stored_weeks;
