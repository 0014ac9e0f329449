"""Real events of real brands, and what is said of days without one: `python -m tests.bench.event_studies`.

Firefox's Terms of Use on its help forum, with Thunderbird as the one peer, and Chrome's redesign in the App Store with
Drive. Query, themes, taxonomy, peers, breaks and what is left out were committed and pinned by a hash before the study
was run (`PINNED`; a test holds them to it), and so were the seed of the placebo dates and the rule by which a date may
be one. What comes out is printed whatever it is. Zoom's terms of 2023 in its app reviews, by every scorer, stand beside
them: that event is known since the project began, so nothing of it was declared before anybody looked.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from analytics.effect_measures import measure_effect
from analytics.effects import Effect
from analytics.event_bins import EventBins
from analytics.event_study import AFTER_BINS, ALPHA
from analytics.sentiment.linear.model_file import write_model
from analytics.sentiment.linear.training import train
from analytics.store import Store, read
from analytics.themes import taxonomy_version
from brands.brand_file import Brand, load
from flows.stages import analyse, collect
from tests.bench.linear_accuracy import read_tweets
from tests.bench.measurement import LeftOut, run
from tests.bench.real_posts import FOLDER
from tests.bench.tables import Table, note
from tests.real_brands import FILES, copy_brand_files

if TYPE_CHECKING:
    import duckdb

STUDIED = ("browser_forum.toml", "thunderbird_forum.toml", "chrome_reviews.toml", "drive_reviews.toml")
PINNED = "74ff00fe8e4a42dd38ae33164da8e66e6ffda2dfd06cd2682ad49b573ab7d1e9"
SEED = 20250226
PLACEBO_DATES = 20
BEFORE_WEEKS, AFTER_WEEKS, PAST_WEEKS = 8, 4, 52
TRAPS = (date(2024, 7, 9), date(2024, 12, 9))  # the ask form changed
MOVED = ("fell", "rose")


@dataclass(frozen=True)
class Answer:
    """What is said of one measure on one day."""

    day: date
    measure: str
    effect: Effect


def fingerprint() -> str:
    """SHA-256 of all that decides what is asked: the brand files to the letter and the version of the taxonomy."""
    parts = [hashlib.sha256((FILES / name).read_bytes()).hexdigest() for name in STUDIED]
    return hashlib.sha256("\n".join([*parts, taxonomy_version()]).encode()).hexdigest()


def placebo_dates(first: date, last: date, barred: Sequence[date]) -> list[date]:
    """Days drawn by `SEED` that have a year of past, and no barred day from 8 weeks before to 4 weeks after them."""
    allowed = [
        day
        for day in (first + timedelta(days=number) for number in range((last - first).days + 1))
        if day - timedelta(weeks=PAST_WEEKS) >= first
        and day + timedelta(weeks=AFTER_WEEKS) <= last + timedelta(days=1)
        and not any(day - timedelta(weeks=BEFORE_WEEKS) <= bar < day + timedelta(weeks=AFTER_WEEKS) for bar in barred)
    ]
    chosen = np.random.default_rng(SEED).choice(len(allowed), PLACEBO_DATES, replace=False)
    return sorted(allowed[number] for number in chosen)


def measure_at(
    connection: duckdb.DuckDBPyConnection, brand: Brand, days: Sequence[date], measures: Sequence[str]
) -> Iterator[Answer]:
    """Each measure on each day, by the themes of the file's first event, whose events stay known dates."""
    _, last = _span(connection, brand.slug)
    peers = [peer.slug for peer in brand.peers]
    bins = EventBins(connection, brand.slug, peers, brand.events[0].themes, last + timedelta(days=1))
    for day in days:
        own, others = bins.on_grid_of(day, brand.file.report.scorer)
        known = [other for other in _event_days(brand) if other != day]
        for measure in measures:
            effect = measure_effect(
                measure, own, others, day, known_dates=known, barred="", alpha=ALPHA,
                after=AFTER_BINS[measure],
            )  # fmt: skip
            yield Answer(day, measure, effect)


def measure_placebos(connection: duckdb.DuckDBPyConnection, brand: Brand, measures: Sequence[str]) -> Iterator[Answer]:
    """The same on days on which nothing is known to have happened."""
    breaks = [broken.date for broken in brand.file.source_breaks]
    breaks += [broken.date for peer in brand.peers for broken in peer.source_breaks]
    days = placebo_dates(*_span(connection, brand.slug), [*breaks, *_event_days(brand)])
    yield from measure_at(connection, brand, days, measures)


def _event_days(brand: Brand) -> list[date]:
    return [day for event in brand.events for day in (event.noticed, event.responded) if day is not None]


def prepare(name: str, folder: Path) -> tuple[Brand, Store]:
    """A new store with all posts of a brand file of the real archives, scored, counted and its effects measured."""
    copy_brand_files(folder, FOLDER)
    return run_through(folder / name)


def run_through(brand_file: Path) -> tuple[Brand, Store]:
    """Everything up to the effects, in a store beside the brand file."""
    brand, store = load(brand_file), Store(brand_file.with_suffix(".duckdb"))
    for source in collect(brand, store).sources:
        note(f"{source.source}: {source.read:,} posts, {source.not_matching:,} of them left out")
    analyse(brand, store)
    return brand, store


def _span(connection: duckdb.DuckDBPyConnection, brand: str) -> tuple[date, date]:
    sql = "SELECT min(day)::DATE, max(day)::DATE FROM brand_posts WHERE brand = ?"
    first, last = connection.execute(sql, [brand]).fetchall()[0]
    return first, last


def print_effects(brand: Brand, store: Store) -> None:
    """Every event and measure with what stands beside it."""
    columns = {"event_id": "<20", "measure": "<10", "scorer": "<13", "estimate": ".2f", "low": ".2f", "high": ".2f"}
    columns |= {"p_value": ".3f", "smallest_p": ".3f", "placebos": ".0f", "smallest_visible": ".2f", "verdict": "<"}
    effects = read("effects", brand.slug, store=store.path)
    table = Table(f"Events of {brand.name}", columns)
    for row in (
        effects[list(columns)].astype(object).where(effects[list(columns)].notna(), None).itertuples(index=False)
    ):
        table.add(*row)
    for row in effects.itertuples():
        if row.scorer == brand.file.report.scorer:
            note(f"{row.event_id}, {row.measure}: {row.reason}")


def print_answers(title: str, answers: Sequence[Answer]) -> None:
    """A row a day and measure, and how many of each measure's days are called a change."""
    columns = {"day": "<10", "measure": "<10", "estimate": ".2f", "p": ".3f", "verdict": "<"}
    table = Table(title, columns)
    for each in answers:
        table.add(each.day.isoformat(), each.measure, each.effect.estimate, each.effect.p_value, each.effect.verdict)
    for measure in dict.fromkeys(each.measure for each in answers):
        told = [each.effect.verdict for each in answers if each.measure == measure]
        note(f"{measure}: {sum(verdict in MOVED for verdict in told)} of {len(told)} days called a change")


def add_trained_scorer(brand_file: Path) -> None:
    """Have the brand file score by `linear` too, trained on tweets alone: no review has taught it anything."""
    model = brand_file.with_name("tweets.model")
    write_model(train(*read_tweets()).model, model)
    told = brand_file.read_text("utf-8")
    here = f'[report]\nalso_scored = ["vader", "linear"]\nmodel = "{model.name}"\n'
    brand_file.write_text(told.replace("[report]\n", here), "utf-8")


def study_pinned(name: str, measures: Sequence[str]) -> None:
    """What was declared beforehand, and the same on days without an event."""
    with tempfile.TemporaryDirectory() as folder:
        brand, store = prepare(name, Path(folder))
        print_effects(brand, store)
        with store.writer() as connection:
            traps = [] if name != "browser_forum.toml" else list(measure_at(connection, brand, TRAPS, measures))
            quiet = list(measure_placebos(connection, brand, measures))
        if traps:
            print_answers("Where the ask form changed", traps)
        print_answers(f"{PLACEBO_DATES} days of {brand.name} drawn by seed {SEED}", quiet)


def study_zoom() -> None:
    """Attention, stars and every scorer side by side."""
    with tempfile.TemporaryDirectory() as folder:
        copy_brand_files(Path(folder), FOLDER)
        add_trained_scorer(Path(folder) / "zoom_reviews.toml")
        print_effects(*run_through(Path(folder) / "zoom_reviews.toml"))


def main() -> None:
    """Print the studies."""
    if not FOLDER.is_dir():
        raise LeftOut("the real posts are not here")
    note(f"pinned before the first run: {fingerprint()}, {'as pinned' if fingerprint() == PINNED else 'CHANGED SINCE'}")
    study_pinned("browser_forum.toml", ("attention", "net_trust"))
    study_pinned("chrome_reviews.toml", ("rating", "net_trust"))
    study_zoom()


if __name__ == "__main__":
    run(main)
