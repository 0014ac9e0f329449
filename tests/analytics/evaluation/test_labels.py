"""Labels in the store, and what effects say of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from analytics.evaluation import EvaluationError
from analytics.evaluation.labels import Sample, labels_by, open_sample, save_label
from analytics.event_study import EventEffect, measure_effects
from analytics.report import build_report, write_wording
from analytics.store import Store, now, read
from analytics.store.forgetting import forget_author
from analytics.store.purging import purge_posts
from tests.analytics.test_event_study import EVENT, brand, fill


def rows(store: Store, sql: str) -> list[tuple[Any, ...]]:
    with store.writer() as connection:
        return connection.execute(sql).fetchall()


def declare(store: Store) -> None:
    """The event as registration writes it, which the event study's own tests do without."""
    with store.writer() as connection:
        connection.execute(
            "INSERT INTO policy_events VALUES ('acme', 'terms', 'New terms', ['consent'], true, NULL, NULL, ?, "
            "'declared', NULL, NULL, [])",
            [EVENT],
        )


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A brand with a jump of unhappy posts at the event, its effect measured: copied for every test."""
    store = Store(tmp_path_factory.mktemp("measured") / "a.duckdb")
    _ = store.author_keys
    fill(store, "acme", jump=0.4, seed=1)
    declare(store)
    measure_effects(store, brand(), "r1")  # type: ignore[arg-type]
    return store.path


@pytest.fixture
def store(measured: Path, tmp_path: Path) -> Store:
    for name in ("a.duckdb", "a.key"):
        (tmp_path / name).write_bytes(measured.with_name(name).read_bytes())
    (tmp_path / "a.key").chmod(0o600)
    return Store(tmp_path / "a.duckdb")


def label_all(store: Store, sample: Sample, *, only: str = "", labeller: str = "ann") -> None:
    """Every post of the sample as its score has it, but half of the posts after the event are called negative."""
    said = [
        (sample.brand, sample.event_id, post.source, post.post_id, post.window, post.stratum, post.probability,
         "negative" if post.window == "after" and number % 2 else "positive", labeller, now())
        for number, post in enumerate(sample.posts) if only in ("", post.window)
    ]  # fmt: skip
    with store.transaction() as connection:
        connection.executemany("INSERT INTO labels VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", said)


def net_trust(store: Store) -> EventEffect:
    results = measure_effects(store, brand(), "r2")  # type: ignore[arg-type]
    return next(each for each in results if each.measure == "net_trust")


def test_the_same_draw_comes_back_and_its_labels_with_it(store: Store) -> None:
    """A second session sees the same posts in the same order, and what was said so far."""
    first = open_sample(store, "acme", "terms", posts=20)
    assert len(first.posts) == 40
    assert {post.window for post in first.posts[:20]} == {"before", "after"}
    assert save_label(store, first, first.posts[0], "negative", "ann")
    assert save_label(store, first, first.posts[0], "neutral", "ann")  # thought better of
    assert save_label(store, first, first.posts[1], "skipped", "bob")
    again = open_sample(store, "acme", "terms")
    assert again == first
    post = first.posts[0]
    assert labels_by(store, again, "ann") == {(post.source, post.post_id): "neutral"}
    stored = "SELECT \"window\", stratum, probability, label, labeller FROM labels WHERE labeller = 'ann'"
    assert rows(store, stored) == [(post.window, post.stratum, post.probability, "neutral", "ann")]
    assert {each.post_id for each in first.posts} < {
        each.post_id for each in open_sample(store, "acme", "terms", posts=40).posts
    }
    assert open_sample(store, "acme", "terms", seed=2).posts[:5] != first.posts[:5]


def test_labels_go_with_their_post_and_published_counts_stay(store: Store) -> None:
    """Purged or forgotten: no label, no second one; what the effect was computed from then is not rewritten."""
    sample = open_sample(store, "acme", "terms")
    label_all(store, sample)
    measure_effects(store, brand(), "r2")  # type: ignore[arg-type]
    published = "SELECT labels_before, labels_after, corrected_change FROM event_effects WHERE measure = 'net_trust'"
    counts = rows(store, published)
    assert counts[0][:2] == (100, 100)
    gone, forgotten = sample.posts[0], sample.posts[1]
    with store.writer() as connection:
        key = store.keys_within(connection).key("forum", "ann")
        connection.execute("UPDATE posts SET author_key = ? WHERE post_id = ?", [key, forgotten.post_id])
    purge_posts(store, gone.source, {gone.post_id: "deleted"}, "r3")
    forget_author(store, "ann", "r3")
    left = {row[0] for row in rows(store, "SELECT post_id FROM labels")}
    assert left == {post.post_id for post in sample.posts} - {gone.post_id, forgotten.post_id}
    assert rows(store, published) == counts
    assert not save_label(store, sample, gone, "neutral", "ann")
    assert len(open_sample(store, "acme", "terms").posts) == 200


def test_without_labels_every_effect_says_so(store: Store) -> None:
    """Each row of the table and of the view, whatever the measure."""
    assert all("Scorer not validated on this brand." in each.effect.reason for each in measured_again(store))
    store.publish()
    assert set(read("effects", "acme", store=store.path)["validation"]) == {"scorer not validated on this brand"}
    with store.reader() as connection:
        report = build_report(connection, "acme")
    assert any(said.startswith("Scorer not validated on this brand") for said in write_wording(report).uncertain)


def measured_again(store: Store) -> list[EventEffect]:
    return measure_effects(store, brand(), "r2")  # type: ignore[arg-type]


def test_a_hundred_labels_a_window_correct_the_effect(store: Store) -> None:
    """The raw change stands beside the corrected one; with one window short of labels it is none, and says how many."""
    sample = open_sample(store, "acme", "terms")
    label_all(store, sample, only="before")
    short = net_trust(store)
    assert short.validation.correction is None
    assert short.validation.said.startswith("scorer not validated on this brand: 100 and 0 labels")
    label_all(store, sample, only="after")
    found = net_trust(store).validation
    assert found.correction is not None
    assert found.correction.low < -100 < found.correction.high  # half of the posts after are negative, none before
    assert found.correction.raw > -90
    store.publish()
    frame = read("effects", "acme", store=store.path).set_index("measure")
    assert frame.loc["net_trust", "corrected_change"] == found.correction.estimate
    assert frame["corrected_change"].notna().sum() == 1
    assert "prediction-powered" in str(frame.loc["net_trust", "reason"])
    with store.reader() as connection:
        report = build_report(connection, "acme")
    figures = {figure.figure_id: figure.value for figure in report.figures}
    assert figures["effect/acme/terms/net_trust/corrected_change"] == found.correction.estimate
    assert figures["effect/acme/terms/net_trust/labels_before"] == 100
    said = " ".join(write_wording(report).paragraph)
    assert f"changed by −{-found.correction.estimate:.1f} points" in said
    assert "not validated" not in " ".join([said, *write_wording(report).uncertain])
    label_all(store, sample, labeller="bob")  # two people count as one reading of a post
    assert net_trust(store).validation == found


def test_labels_of_an_older_draw_do_not_speak_for_posts_that_came_later(store: Store) -> None:
    """When many posts came after the draw the correction is withheld; drawing again gives them their chance."""
    label_all(store, open_sample(store, "acme", "terms"))
    with store.writer() as connection:
        connection.execute("UPDATE label_draws SET drawn_at = '2023-01-01'")  # before the posts were collected
    found = net_trust(store).validation
    assert found.correction is None
    assert "came after the sample was drawn; run brandtrust label again" in found.said
    open_sample(store, "acme", "terms")
    assert net_trust(store).validation.correction is not None
    open_sample(store, "acme", "terms", seed=5)  # another draw: few of the labelled posts are in it
    assert net_trust(store).validation.correction is None


def test_a_window_without_posts_is_told(store: Store) -> None:
    """One line that names the window; no draw is written down."""
    with store.writer() as connection:
        connection.execute("UPDATE event_effects SET event_date = event_date + INTERVAL 700 DAY")
    with pytest.raises(EvaluationError, match="no scored post in the 8 weeks before"):
        open_sample(store, "acme", "terms")
    with pytest.raises(EvaluationError, match="brandtrust effects"):
        open_sample(store, "acme", "other")
    assert rows(store, "SELECT * FROM label_draws") == []
