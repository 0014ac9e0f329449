-- The scopes that the posts of themes_of_posts are counted in beside "all": their themes, practices, and events.
CREATE OR REPLACE TEMP TABLE scopes_of_posts AS
WITH event_scopes AS (
    SELECT 'event:' || e.event_id AS scope, e.themes
    FROM policy_events AS e
    WHERE len(e.themes) > 0 AND (e.brand = $brand OR e.brand IN (SELECT brand FROM brand_peers WHERE peer = $brand))
)
SELECT source, post_id, unnest(themes || CASE WHEN practices THEN ['practices'] ELSE []::VARCHAR[] END) AS scope FROM themes_of_posts
UNION ALL
SELECT p.source, p.post_id, e.scope FROM themes_of_posts AS p JOIN event_scopes AS e ON list_has_any(p.themes, e.themes);
