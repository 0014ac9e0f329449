"""Labels of an event's sample in the store: each is written at once, and goes with its post."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from analytics.evaluation.errors import EvaluationError
from analytics.evaluation.label_words import CLASSES
from analytics.evaluation.sampling import WINDOWS, draw_posts, find_windows, list_posts
from analytics.store import Store, first_row, now
from analytics.store.catalogue import statement

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

SKIPPED = "skipped"
ANSWERS = (*CLASSES, SKIPPED)
POSTS_A_WINDOW, SEED = 100, 1


@dataclass(frozen=True, slots=True)
class SampledPost:
    """A post to be labelled. Who wrote it, when, and which window it is in, is not for the eyes of who labels."""

    source: str
    post_id: str
    window: str
    stratum: str
    probability: float
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Sample:
    """The posts drawn for an event, in the order in which they are labelled, and how many each window holds."""

    brand: str
    event_id: str
    posts: tuple[SampledPost, ...]
    window_sizes: dict[str, int]


def open_sample(
    store: Store, brand: str, event_id: str, *, posts: int | None = None, seed: int | None = None
) -> Sample:
    """Draw the sample of an event, or draw it again: the same, and what came since has its chance.

    `posts` in each window and `seed` are those of the last draw where absent, else 100 and 1. Probabilities of labels
    that are there are renewed. Raises EvaluationError where the effect was not measured yet or a window holds no post.
    """
    with store.transaction() as connection:
        windows = find_windows(connection, brand, event_id)
        last = _last_draw(connection, brand, event_id)
        seed = seed if seed is not None else last[0] if last else SEED
        number = posts if posts is not None else last[1] if last else POSTS_A_WINDOW
        frame = list_posts(connection, brand, windows, seed)
        sizes = {window: int((frame["window"] == window).sum()) for window in WINDOWS}
        for window, size in sizes.items():
            if not size:
                weeks = windows.before if window == "before" else windows.after
                raise EvaluationError(
                    f"{event_id}: no scored post in the {weeks} weeks {window} {windows.event_date}; "
                    "collect and score that time first"
                )
        drawn = draw_posts(frame, number)
        _record_draw(connection, brand, event_id, drawn, seed, number)
        return Sample(brand, event_id, tuple(_read_posts(connection, drawn)), sizes)


def save_label(store: Store, sample: Sample, post: SampledPost, label: str, labeller: str) -> bool:
    """Write one label, in place of an earlier one by the same person; False where the post is gone meanwhile."""
    if label not in ANSWERS:
        raise ValueError(f"label is {label!r}: give one of {', '.join(ANSWERS)}")
    key = {
        "brand": sample.brand,
        "event_id": sample.event_id,
        "source": post.source,
        "post_id": post.post_id,
        "labeller": labeller,
    }
    with store.transaction() as connection:
        connection.execute(
            "DELETE FROM labels WHERE brand = $brand AND event_id = $event_id AND source = $source "
            "AND post_id = $post_id AND labeller = $labeller",
            key,
        )
        more = {
            "window": post.window,
            "stratum": post.stratum,
            "probability": post.probability,
            "label": label,
            "labelled_at": now(),
        }
        row = first_row(connection, statement("insert_label"), {**key, **more})
    return bool(row and row[0])


def labels_by(store: Store, sample: Sample, labeller: str) -> dict[tuple[str, str], str]:
    """(source, post_id) → what `labeller` has said of the sample's posts so far."""
    with store.writer() as connection:
        rows = connection.execute(
            "SELECT source, post_id, label FROM labels WHERE brand = ? AND event_id = ? AND labeller = ?",
            [sample.brand, sample.event_id, labeller],
        ).fetchall()
    drawn = {(post.source, post.post_id) for post in sample.posts}
    return {(source, post_id): label for source, post_id, label in rows if (source, post_id) in drawn}


def list_labels(connection: duckdb.DuckDBPyConnection, brand: str, event_id: str) -> pd.DataFrame:
    """Labelled posts of the present draw: source, post_id, window, probability, label (mean of people's, −1…1)."""
    return connection.execute(statement("list_labels"), {"brand": brand, "event_id": event_id}).df()


def _last_draw(connection: duckdb.DuckDBPyConnection, brand: str, event_id: str) -> tuple[Any, ...] | None:
    sql = "SELECT seed, posts_a_window FROM label_draws WHERE brand = ? AND event_id = ?"
    return first_row(connection, sql, [brand, event_id])


def _record_draw(
    connection: duckdb.DuckDBPyConnection, brand: str, event_id: str, drawn: pd.DataFrame, seed: int, number: int
) -> None:
    connection.execute(statement("upsert_label_draw"), [brand, event_id, seed, number, now()])
    connection.register("drawn_posts", drawn[["source", "post_id", "probability"]])
    connection.execute(statement("renew_probabilities"), {"brand": brand, "event_id": event_id})
    connection.unregister("drawn_posts")


def _read_posts(connection: duckdb.DuckDBPyConnection, drawn: pd.DataFrame) -> list[SampledPost]:
    connection.register("drawn_posts", drawn[["source", "post_id"]])
    rows = connection.execute(
        "SELECT source, post_id, coalesce(title, ''), text FROM posts SEMI JOIN drawn_posts USING (source, post_id)"
    ).fetchall()
    connection.unregister("drawn_posts")
    words = {(source, post_id): (title, text) for source, post_id, title, text in rows}
    columns = drawn[["source", "post_id", "window", "stratum", "probability"]].to_numpy(object).tolist()
    return [
        SampledPost(source, post_id, window, stratum, probability, *words[(source, post_id)])
        for source, post_id, window, stratum, probability in columns
    ]
