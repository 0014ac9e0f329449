-- What counting asks of posts that few have: their themes and event scopes. Known sizes make the joins that follow cheap.
CREATE OR REPLACE TEMP TABLE scopes_of_posts AS
WITH themes_of_posts AS (
    SELECT pt.source, pt.post_id, list(pt.theme) AS themes, bool_or(t.practices) AS practices
    FROM post_themes AS pt JOIN themes AS t USING (taxonomy_version, theme)
    WHERE pt.taxonomy_version = (SELECT taxonomy_version FROM brands WHERE brand = $brand)
    GROUP BY pt.source, pt.post_id
),
event_scopes AS (
    SELECT 'event:' || e.event_id AS scope, e.themes
    FROM policy_events AS e
    WHERE len(e.themes) > 0 AND (e.brand = $brand OR e.brand IN (SELECT brand FROM brand_peers WHERE peer = $brand))
)
SELECT source, post_id, unnest(themes || CASE WHEN practices THEN ['practices'] ELSE []::VARCHAR[] END) AS scope FROM themes_of_posts
UNION ALL
SELECT p.source, p.post_id, e.scope FROM themes_of_posts AS p JOIN event_scopes AS e ON list_has_any(p.themes, e.themes);
