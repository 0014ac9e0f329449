"""A store filled with invented posts, so that a report can be built from real tables: no mock, no connector, no scorer.

The shape: a brand and three peers over 120 weeks on three sources, a notice in August 2023 after which more people
speak of AI training and scores fall, and three weeks that were not collected.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

from analytics.store import Store

FIRST_MONDAY = date(2021, 7, 5)
NOTICED = date(2023, 8, 6)  # a Sunday
LAST_WEEK = date(2023, 9, 4)
THEMES = (
    ("ai_training", "AI training", True),
    ("consent", "Consent", True),
    ("opt_out", "Opt-out", True),
    ("data_sharing", "Data sharing", True),
    ("leaving", "Leaving", False),
    ("security", "Security", True),
    ("trust", "Trust", False),
    ("transparency", "Clear terms", True),
)
USUAL_SHARES = dict(
    zip((name for name, _, _ in THEMES), (0.012, 0.01, 0.006, 0.03, 0.025, 0.05, 0.015, 0.012), strict=True)
)
BURST_SHARES = {
    **USUAL_SHARES,
    "ai_training": 0.22,
    "consent": 0.15,
    "opt_out": 0.09,
    "leaving": 0.07,
    "transparency": 0.08,
}
OPENINGS = (
    "The call quality was",
    "Our school uses it and the sound was",
    "The new update made screen sharing",
    "My team finds the app",
)
ENDINGS = ("fine today", "worse than last month", "good enough for a weekly meeting", "a pain on my old laptop")
ON_TERMS = (
    "So the new terms say they may train their models on what we say in calls? Nobody asked me.",
    "I looked for a switch to keep my recordings out of AI training and there is none.",
    "Read section ten before your next meeting. A licence that wide needs my consent first.",
    "They answered that calls are not used without consent. Then why do the terms say something else?",
    "We are moving our support line to another product until the terms are rewritten.",
)


@dataclass
class Invented:
    """What to invent. `texts` are extra posts of the reported week, with a wide reach."""

    seed: int = 7
    first: date = FIRST_MONDAY
    weeks: int = 114
    posts_a_week: int = 90
    peers: tuple[tuple[str, str], ...] = (("teams", "Microsoft Teams"), ("meet", "Google Meet"), ("webex", "Webex"))
    name: str = "Zoom"
    title: str = "Terms allow training AI on calls"
    with_event: bool = True
    with_effects: bool = True
    quota: bool = False
    texts: Sequence[str] = ()
    sour: str = ""  # the source on which everybody complains in the reported week
    gap: tuple[date, date] | None = (date(2022, 6, 20), date(2022, 7, 11))
    effects: dict[str, dict[str, object]] = field(default_factory=dict)  # by measure: columns to set otherwise
    url: str = "https://forum.invalid/t/{id}"


def fill_store(path: Path, invented: Invented | None = None) -> Store:
    """A published store at `path` with invented contents."""
    plan = invented or Invented()
    store = Store(path)
    with store.transaction() as connection:
        _declare(connection, plan)
        posts = pd.concat(
            [_posts(plan, brand, at) for at, brand in enumerate(["zoom", *(slug for slug, _ in plan.peers)])]
        )
        posts = pd.concat([posts, _extra_posts(plan)]) if plan.texts else posts
        _insert_posts(connection, posts)
        _cover(connection, plan)
        _count_weeks(connection)
        if plan.with_event and plan.with_effects:
            _state_effects(connection, plan)
    store.publish()
    return store


def _declare(connection: duckdb.DuckDBPyConnection, plan: Invented) -> None:
    for slug, name in (("zoom", plan.name), *plan.peers):
        connection.execute(
            "INSERT INTO brands VALUES (?, ?, 'zoom', ?, 'vader_domain', '1-ab12cd', ['vader'], [], 't1', [], 'UTC',"
            " 'f', NULL)",
            [slug, name, f"q-{slug}"],
        )
        if slug != "zoom":
            connection.execute("INSERT INTO brand_peers VALUES ('zoom', ?)", [slug])
    for theme, label, practices in THEMES:
        connection.execute("INSERT INTO themes VALUES ('t1', ?, ?, ?, 'integrity')", [theme, label, practices])
    if plan.with_event:
        connection.execute(
            "INSERT INTO policy_events VALUES ('zoom', '2023-ai-terms', ?, ['ai_training', 'consent', 'opt_out'],"
            " true, '2023-03-31', '2023-07-27', '2023-08-06', 'declared', '2023-08-07', '2023-08-11', ['no opt-out'])",
            [plan.title],
        )
    if plan.quota:
        connection.execute(
            "INSERT INTO source_flags VALUES ('zoom', 'reviews', 'constant_quota', '150 posts in 25 months')"
        )


def _posts(plan: Invented, brand: str, at: int) -> pd.DataFrame:
    """A brand's posts: after the notice more of them, more on the event's themes, and lower scores, all fading."""
    random = np.random.default_rng([plan.seed, at])
    notice = (NOTICED - plan.first).days
    hit = brand == "zoom" and plan.with_event
    weeks = np.arange(plan.weeks)
    since = np.maximum(0, (7 * weeks - notice + 6) / 7)
    volume = plan.posts_a_week * (1.0 if brand == "zoom" else 0.55)
    counts = random.poisson(volume * (1 + (hit & (7 * weeks >= notice - 6)) * 1.6 * 0.75**since))
    week = np.repeat(weeks, counts)
    many = len(week)
    day = 7 * week + random.uniform(0, 7, many)
    fade = np.where(hit & (day >= notice), 0.88 ** since[week], 0.0)
    names = list(USUAL_SHARES)
    usual, burst = np.array([USUAL_SHARES[name] for name in names]), np.array([BURST_SHARES[name] for name in names])
    spoken = random.random((many, len(names))) < usual + fade[:, None] * (burst - usual)
    on_terms = (fade > 0) & spoken[:, :3].any(axis=1)
    plain = [f"{opening} {ending}" for opening in OPENINGS for ending in ENDINGS]
    texts = np.where(on_terms, random.choice(ON_TERMS, many), random.choice(plain, many))
    reach = (random.pareto(1.1, many) * np.where(on_terms, 30, 3)).astype(int)
    level = 0.06 - 0.02 * at + 0.05 * np.sin(week / 9 + at) - 0.22 * fade
    found = pd.DataFrame(
        {
            "brand": brand,
            "source": random.choice(["forum", "microblog", "reviews"], many, p=[0.35, 0.4, 0.25]),
            "created_at": pd.Timestamp(plan.first) + pd.to_timedelta(np.round(day * 86_400), unit="s"),
            "author": random.integers(0, 4000, many),
            "text": [f"{text} ({number})" for number, text in enumerate(texts)],
            "compound": np.clip(random.normal(level, 0.45), -1, 1),
            "themes": [[name for name, one in zip(names, row, strict=True) if one] for row in spoken],
            "reach": reach,
            "post_id": [f"{brand}-{number}" for number in range(many)],
        }
    )
    if brand == "zoom":
        found.loc[(week == plan.weeks - 1) & (found["source"] == plan.sour), "compound"] = -0.6
    return found


def _extra_posts(plan: Invented) -> pd.DataFrame:
    week = plan.first + timedelta(weeks=plan.weeks - 1)
    return pd.DataFrame(
        {
            "brand": "zoom",
            "source": "forum",
            "created_at": datetime.combine(week, datetime.min.time()) + timedelta(hours=9),
            "author": range(9000, 9000 + len(plan.texts)),
            "text": list(plan.texts),
            "compound": -0.5,
            "themes": [["ai_training"]] * len(plan.texts),
            "reach": range(90_000, 90_000 + len(plan.texts)),
            "post_id": [f"extra-{number}" for number in range(len(plan.texts))],
        }
    )


def _insert_posts(connection: duckdb.DuckDBPyConnection, posts: pd.DataFrame) -> None:
    connection.register("invented_posts", posts)
    connection.execute("CREATE TEMP TABLE invented AS SELECT * FROM invented_posts")
    connection.execute(
        "INSERT INTO posts SELECT source, post_id, CASE WHEN source <> 'reviews' THEN 'key-' || author END,"
        " created_at, created_at, 'post', text, NULL, 'en', 'https://forum.invalid/t/' || post_id, NULL, NULL, CASE"
        " WHEN source = 'reviews' THEN 3 END, length(text) > 20000 FROM invented"
    )
    connection.execute("INSERT INTO mentions SELECT brand, source, post_id, 'q-' || brand FROM invented")
    connection.execute(
        "INSERT INTO scores SELECT source, post_id, 'vader_domain', '1-ab12cd', 0, 1, 0, compound FROM invented"
    )
    connection.execute("INSERT INTO post_themes SELECT source, post_id, 't1', unnest(themes), '' FROM invented")
    connection.execute(
        "INSERT INTO post_metrics SELECT source, post_id, created_at, reach, 0, 0 FROM invented WHERE source <>"
        " 'reviews'"
    )


def _cover(connection: duckdb.DuckDBPyConnection, plan: Invented) -> None:
    """Every week was asked for in one request a source, and the gap was lost."""
    until = plan.first + timedelta(weeks=plan.weeks)
    windows = [(plan.first, until, False)]
    if plan.gap is not None and plan.gap[1] <= until:
        windows = [(plan.first, plan.gap[0], False), (*plan.gap, True), (plan.gap[1], until, False)]
        connection.execute("DELETE FROM posts WHERE created_at >= ? AND created_at < ?", list(plan.gap))
        connection.execute("DELETE FROM mentions WHERE (source, post_id) NOT IN (SELECT source, post_id FROM posts)")
    for brand in ("zoom", *(slug for slug, _ in plan.peers)):
        for source in ("forum", "microblog", "reviews"):
            for since, before, failed in windows:
                connection.execute(
                    "INSERT INTO coverage VALUES ('r1', ?, ?, ?, ?, ?, NULL, 100, false, ?, 0)",
                    [brand, source, f"q-{brand}", since, before, failed],
                )


def _count_weeks(connection: duckdb.DuckDBPyConnection) -> None:
    """Weekly numbers out of the posts themselves; the interval is a normal one, near enough for a picture."""
    connection.execute("""
        INSERT INTO weekly_numbers
        WITH scoped AS (
            SELECT brand, week, voice, compound, unnest(
                ['all'] || themes || CASE WHEN practices THEN ['practices'] ELSE [] END
                || CASE WHEN list_has_any(themes, ['ai_training', 'consent', 'opt_out'])
                    THEN ['event:2023-ai-terms'] ELSE [] END) AS scope
            FROM brand_posts WHERE why_not_counted IS NULL
        ),
        votes AS (SELECT brand, week, scope, voice, avg(compound) AS mean, count(*) AS posts FROM scoped GROUP BY ALL),
        counted AS (
            SELECT brand, week, scope, count(*) FILTER (mean >= 0.05) AS p, count(*) FILTER (abs(mean) < 0.05) AS u,
                count(*) FILTER (mean <= -0.05) AS n, avg(mean) AS mean, sum(posts) AS posts, count(*) AS a
            FROM votes GROUP BY ALL
        )
        SELECT brand, week, scope, 'vader_domain', '1-ab12cd', p, u, n, mean, posts, a,
            CASE WHEN a >= 10 THEN 100 * ((p - n) / a - 1.96 * sqrt(((p + n) / a - ((p - n) / a) ^ 2) / a)) END,
            CASE WHEN a >= 10 THEN 100 * ((p - n) / a + 1.96 * sqrt(((p + n) / a - ((p - n) / a) ^ 2) / a)) END,
            true, '20230911T070000'
        FROM counted
        """)


def _state_effects(connection: duckdb.DuckDBPyConnection, plan: Invented) -> None:
    random = np.random.default_rng(plan.seed)
    placebos = 85
    stated: dict[str, dict[str, object]] = {
        "attention": {
            "role": "primary",
            "spread": 1.6,
            "estimate": 24.31,
            "after": 2,
            "before_mean": 2.6,
            "after_mean": 27.4,
            "verdict": "rose",
        },
        "net_trust": {
            "role": "second",
            "spread": 3.1,
            "estimate": -14.06,
            "after": 4,
            "before_mean": 5.2,
            "after_mean": -9.3,
            "verdict": "fell",
        },
        "rating": {
            "role": "exploratory",
            "spread": 0.12,
            "estimate": -0.21,
            "after": 4,
            "before_mean": 3.41,
            "after_mean": 3.2,
            "verdict": "exploratory",
        },
    }
    for measure, of in stated.items():
        values = np.round(random.normal(0, float(str(of["spread"])), placebos), 2)
        visible = float(np.sort(np.abs(values))[::-1][3])
        estimate = float(str(of["estimate"]))
        moved = int((np.abs(values) >= abs(estimate)).sum())
        weighed, pooled = measure != "attention", "median"
        rank = f"Of {placebos} comparable earlier windows (7 that do not overlap), {moved} moved as much."
        if weighed:
            rank, pooled = "Weighed by the voices of each week against 70 earlier weeks.", "pooled"
        row: dict[str, object] = {
            "brand": "zoom",
            "event_id": "2023-ai-terms",
            "measure": measure,
            "role": of["role"],
            "event_date": NOTICED,
            "as_of": date(2023, 9, 11),
            "estimate": estimate,
            "low": estimate - visible,
            "high": estimate + visible,
            "p_value": (1 + moved) / (placebos + 1),
            "smallest_p": 1 / (placebos + 1),
            "placebos": placebos,
            "placebo_estimates": values.tolist(),
            "independent_windows": 7,
            "smallest_visible": visible,
            "verdict": of["verdict"],
            "reason": f"{rank} Less the {pooled} change of 3 peers (meet, teams, webex).",
            "weighed": weighed,
            "before_mean": of["before_mean"],
            "after_mean": of["after_mean"],
            "before_authors": 688,
            "after_authors": 541,
            "before_bins": 8,
            "after_bins": of["after"],
            "peers": [slug for slug, _ in plan.peers],
            "dates_not_separable": ["2023-07-27", "2023-08-07", "2023-08-11"],
            "alpha": 0.05,
            "scorer": "vader_domain",
            "version": "1-ab12cd",
            "run_id": "r1",
        }
        row |= plan.effects.get(measure, {})
        names = ", ".join(row)
        connection.execute(
            f"INSERT INTO event_effects ({names}) VALUES ({', '.join('?' * len(row))})", list(row.values())
        )
