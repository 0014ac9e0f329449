"""The demo's claims: what was counted week by week is what its posts say."""

from __future__ import annotations

from analytics.store import Store


def test_what_counts_for_claims_is_what_counts_in_the_weekly_numbers(demo_store: Store) -> None:
    """Posts that count, by the view that says so, give each week's voices again, those of everybody too."""
    with demo_store.reader() as connection:
        differing, weeks = connection.execute(
            """
            WITH counted AS (SELECT * FROM brand_posts WHERE brand = 'lumio' AND why_not_counted IS NULL),
            everybody AS (
                SELECT week, count(DISTINCT voice) AS authors_all,
                    count(DISTINCT voice) FILTER (practices) AS practices_all
                FROM counted GROUP BY week
            ),
            said AS (
                SELECT week, claim, count(DISTINCT voice) FILTER (NOT denies) AS authors,
                    count(DISTINCT voice) FILTER (denies) AS denying, count(*) FILTER (NOT denies) AS posts
                FROM counted JOIN post_claims USING (brand, source, post_id) GROUP BY week, claim
            )
            SELECT count(*) FILTER ((k.authors_all, k.practices_authors_all, k.authors, k.denying_authors, k.posts) <>
                (e.authors_all, e.practices_all, coalesce(s.authors, 0), coalesce(s.denying, 0), coalesce(s.posts, 0))),
                count(*)
            FROM claim_weeks AS k JOIN everybody AS e USING (week) LEFT JOIN said AS s USING (week, claim)
            """
        ).fetchall()[0]
    assert differing == 0
    assert weeks > 300


def test_the_claim_is_voiced_when_the_clause_is_noticed(demo_store: Store) -> None:
    """The story of the demo: hardly anybody says it before, every third author in the week after the notice."""
    with demo_store.reader() as connection:
        peak, share = connection.execute(
            "SELECT peak_week::VARCHAR, peak_share FROM claims_against_text WHERE claim = 'trains-on-calls'"
        ).fetchall()[0]
        (before,) = connection.execute(
            "SELECT max(share) FROM claims_weekly WHERE claim = 'trains-on-calls' AND week < '2023-09-04'"
        ).fetchall()[0]
    assert peak == "2023-09-11"
    assert share > 25 > 5 > before


def test_the_clause_in_force_is_quoted(demo_store: Store) -> None:
    """When it was noticed the terms had the sentence that people speak of; since the company gave way they do not."""
    with demo_store.reader() as connection:
        row = connection.execute(
            "SELECT status, clause_now, clause_at_event, array_to_string(quotations_at_event, ' ') "
            "FROM claims_against_text WHERE claim = 'trains-on-calls'"
        ).fetchall()[0]
    assert row[:3] == ("was", "not_found", "in_text")
    assert "to train our artificial intelligence models" in row[3]
