"""The stages of a run as plain functions: no Prefect needed. What runs them, and how it is told, is given as `step`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar

from analytics.store import Store
from flows.collection import SourceResult, collect_call, prepare
from flows.listening import ARCHIVE, requests
from flows.progress import POSTS, Advance, reporter
from flows.runs import Run, recorded

if TYPE_CHECKING:
    from analytics.event_study import EventEffect
    from brands.brand_file import Brand

T = TypeVar("T")


class Step(Protocol):
    """Runs one batch-sized piece of work under a name; the work is told how to report posts done."""

    def __call__(self, name: str, work: Callable[[Advance], T], counting: str = POSTS) -> T: ...


def run_plainly(name: str, work: Callable[[Advance], T], counting: str = POSTS) -> T:
    """Run a step here and now, shown by the reporter in force."""
    with reporter().stage(name, counting) as advance:
        return work(advance)


@dataclass(slots=True)
class Outcome:
    """What a run did. `answer` and `pdf` are there where it made a report."""

    run: Run
    sources: list[SourceResult] = field(default_factory=list)
    scored: int = 0
    tagged: int = 0
    weeks: int = 0
    effects: list[EventEffect] = field(default_factory=list)
    answer: str = ""
    pdf: Path | None = None

    @property
    def failures(self) -> list[SourceResult]:
        """The sources that failed."""
        return [each for each in self.sources if each.failure]

    @property
    def new(self) -> int:
        """Posts that were not in the store before."""
        return sum(each.new for each in self.sources)


def collect(
    brand: Brand,
    store: Store,
    *,
    only_sources: Sequence[str] = (),
    since: datetime | None = None,
    until: datetime | None = None,
    step: Step = run_plainly,
) -> Outcome:
    """Bring in what the sources of `brand` hold. Bad input is raised before anything is written (see `prepare`)."""
    with recorded(store, brand.slug, "collect") as run:
        outcome = Outcome(run)
        _collect(outcome, brand, store, only_sources, since, until, step)
    return outcome


def analyse(brand: Brand, store: Store, *, rescore: bool = False, step: Step = run_plainly) -> Outcome:
    """Score, tag, count weeks and measure effects of what is in the store."""
    with recorded(store, brand.slug, "analyse") as run:
        outcome = Outcome(run)
        run.begin()
        _score(outcome, brand, store, rescore, step)
        _measure(outcome, brand, store, step)
    return outcome


def score(brand: Brand, store: Store, *, rescore: bool = False, step: Step = run_plainly) -> Outcome:
    """Score and tag new posts and count the weeks they fell into. `rescore` counts closed weeks anew."""
    with recorded(store, brand.slug, "score") as run:
        outcome = Outcome(run)
        run.begin()
        _score(outcome, brand, store, rescore, step)
    return outcome


def measure(brand: Brand, store: Store, *, step: Step = run_plainly) -> Outcome:
    """Measure the effect of each policy event."""
    with recorded(store, brand.slug, "effects") as run:
        outcome = Outcome(run)
        run.begin()
        _register(brand, store)
        _measure(outcome, brand, store, step)
    return outcome


def report(
    brand: Brand, store: Store, *, out: Path | None = None, week: date | None = None, step: Step = run_plainly
) -> Outcome:
    """Write the report of the week that holds `week` (default: the last complete one) as a PDF into `out`."""
    with recorded(store, brand.slug, "report") as run:
        outcome = Outcome(run)
        run.begin()
        _report(outcome, brand, store, out, week, step)
    return outcome


def weekly(
    brand: Brand,
    store: Store,
    *,
    only_sources: Sequence[str] = (),
    since: datetime | None = None,
    until: datetime | None = None,
    out: Path | None = None,
    week: date | None = None,
    step: Step = run_plainly,
) -> Outcome:
    """The whole way: collect, score, trends, effects, report, published copy."""
    with recorded(store, brand.slug, "run") as run:
        outcome = Outcome(run)
        _collect(outcome, brand, store, only_sources, since, until, step)
        _score(outcome, brand, store, False, step)
        _measure(outcome, brand, store, step)
        _report(outcome, brand, store, out, week, step)
    return outcome


def _collect(
    outcome: Outcome,
    brand: Brand,
    store: Store,
    only_sources: Sequence[str],
    since: datetime | None,
    until: datetime | None,
    step: Step,
) -> None:
    calls = step(
        "look at the sources", lambda _: prepare(brand, store, only_sources=only_sources, since=since, until=until)
    )
    outcome.run.begin()
    _register(brand, store)
    for call in calls:
        outcome.sources.append(step(f"collect {call.request.name}", partial(collect_call, call, store, outcome.run.id)))
    outcome.run.problem = "; ".join(each.failure for each in outcome.failures)


def _register(brand: Brand, store: Store) -> tuple[str, ...]:
    from analytics.registration import register

    return register(store, brand)


def _score(outcome: Outcome, brand: Brand, store: Store, rescore: bool, step: Step) -> None:
    from analytics.scoring import read_new_posts
    from analytics.trust import update_weekly_numbers

    brands = _register(brand, store)
    reading = step("score and tag", lambda advance: read_new_posts(store, brands, advance), "readings")
    outcome.scored, outcome.tagged = reading.scored, reading.tagged
    shared = sorted(
        {
            each.source.name
            for each in requests(brand)
            if each.source.connector == ARCHIVE and each.source.match != "all"
        }
    )
    outcome.weeks = step(
        "weekly numbers",
        lambda _: update_weekly_numbers(store, brands, outcome.run.id, shared_files=shared, rescore=rescore),
    )


def _measure(outcome: Outcome, brand: Brand, store: Store, step: Step) -> None:
    from analytics.event_study import measure_effects

    outcome.effects = step("effects", lambda _: measure_effects(store, brand, outcome.run.id))


def _report(outcome: Outcome, brand: Brand, store: Store, out: Path | None, week: date | None, step: Step) -> None:
    folder = out or brand.path.parent / brand.file.report.out
    outcome.answer, outcome.pdf = step("report", lambda _: _write_report(brand, store, outcome.run.id, folder, week))


def _write_report(brand: Brand, store: Store, run_id: str, folder: Path, week: date | None) -> tuple[str, Path]:
    from analytics.report import build_report, publish_figures, render_pdf, write_wording

    settings = brand.file.report
    store.publish()
    with store.reader() as connection:
        built = build_report(connection, brand.slug, week=week, synthetic=settings.synthetic)
    pdf = folder / f"{brand.slug}-{built.week}.pdf"
    render_pdf(built, pdf, paper=settings.paper)
    with store.transaction() as connection:
        publish_figures(connection, built, run_id)
    return write_wording(built).headline, pdf
