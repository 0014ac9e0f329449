"""The stages of a run as plain functions: no Prefect needed. What runs them, and how it is told, is given as `step`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar

from analytics.store import Store, new_run_id
from analytics.store.saving import record_questions
from flows.collection import SourceResult, collect_call, prepare
from flows.compliance import Cleared, SourceSweep, choose_sources, clear_files, list_others, sweep_source
from flows.dask_setting import find_dask, require_dask
from flows.listening import ARCHIVE, questions, requests
from flows.products import Product
from flows.progress import POST, Advance, reporter
from flows.report_folder import find_report_folder, require_report_folder
from flows.runs import Run, recorded
from flows.signals import collect_signal

if TYPE_CHECKING:
    import duckdb

    from analytics.claims.gaps import Gap
    from analytics.event_bins import EventBins
    from analytics.event_study import EventEffect
    from analytics.new_posts import Reading
    from analytics.plan.curve import Curve
    from analytics.plan.declarations import Declaration
    from analytics.plan.freezing import Freezing
    from analytics.policy.news import NewChange
    from analytics.store.forgetting import Forgotten
    from analytics.store.restoring import Restored
    from brands.brand_file import Brand, Event
    from connectors.terms.watching import WatchedPage
    from flows.delivery import Delivered
    from flows.policy_stages import PageResult

T = TypeVar("T")
EVERY_BRAND = "all"  # in the table of runs, for what concerns the whole store


class Step(Protocol):
    """Runs one batch-sized piece of work under a name; the work is told how to report posts done.

    `makes`: what it brings up to date.
    """

    def __call__(
        self, name: str, work: Callable[[Advance], T], counting: str = POST, *, makes: Product | None = None
    ) -> T: ...


def run_plainly(name: str, work: Callable[[Advance], T], counting: str = POST, *, makes: Product | None = None) -> T:
    """Run a step here and now, shown by the reporter in force."""
    with reporter().stage(name, counting) as advance:
        return work(advance)


@dataclass(slots=True)
class Outcome:
    """What a run did. `answer`, `pdf` and `page` are there where it made a report."""

    run: Run
    sources: list[SourceResult] = field(default_factory=list)
    pages: list[PageResult] = field(default_factory=list)  # of terms, watched
    policy_changes: list[NewChange] = field(default_factory=list)
    scored: int = 0
    rescored: int = 0  # of those, posts that had been read before
    tagged: int = 0
    weeks: int = 0
    effects: list[EventEffect] = field(default_factory=list)
    declarations: list[Declaration] = field(default_factory=list)
    curves: list[Curve] = field(default_factory=list)
    answer: str = ""
    week: date | None = None  # that the report is on
    pdf: Path | None = None
    page: Path | None = None  # the same for a browser, beside it
    deliveries: list[Delivered] = field(default_factory=list)

    @property
    def failures(self) -> list[SourceResult | PageResult | Delivered]:
        """The sources that failed, pages of terms and targets of the report among them."""
        looked: list[SourceResult | PageResult | Delivered] = [*self.sources, *self.pages, *self.deliveries]
        return [each for each in looked if each.failure]

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
    require_dask()
    with recorded(store, brand.slug, "analyse") as run:
        outcome = Outcome(run)
        run.begin()
        _score(outcome, brand, store, rescore, step)
        _measure(outcome, brand, store, step)
    return outcome


def score(brand: Brand, store: Store, *, rescore: bool = False, step: Step = run_plainly) -> Outcome:
    """Score and tag new posts and count the weeks they fell into. `rescore` counts closed weeks anew."""
    require_dask()
    with recorded(store, brand.slug, "score") as run:
        outcome = Outcome(run)
        run.begin()
        _score(outcome, brand, store, rescore, step)
    return outcome


def measure(brand: Brand, store: Store, *, curves: bool = False, step: Step = run_plainly) -> Outcome:
    """Measure the effect of each policy event; with `curves` in every reasonable way too."""
    with recorded(store, brand.slug, "plan curve" if curves else "effects") as run:
        outcome = Outcome(run)
        run.begin()
        _register(brand, store)
        _measure(outcome, brand, store, step, curves=curves)
    return outcome


def freeze(brand: Brand, store: Store, events: Sequence[Event]) -> list[Freezing]:
    """Freeze the plan of each of these events; the store need not hold any post yet."""
    from analytics.plan.freezing import freeze_plans

    with recorded(store, brand.slug, "plan freeze") as run:
        run.begin()
        with store.transaction() as connection:
            return freeze_plans(connection, brand, events)


def compare_claims(brand: Brand, store: Store, *, step: Step = run_plainly) -> tuple[list[Gap], list[tuple[str, str]]]:
    """Bring the claims of the brand file up to date; each beside the terms, and where to look again."""
    from analytics.claims.contradictions import find_contradictions
    from analytics.claims.gaps import read_gaps

    with recorded(store, brand.slug, "claims") as run:
        run.begin()
        _register(brand, store)
        _update_claims(brand, store, step)
        with store.writer() as connection:
            return read_gaps(connection, brand.slug), list(find_contradictions(connection, brand))


def report(
    brand: Brand, store: Store, *, out: Path | None = None, week: date | None = None, step: Step = run_plainly
) -> Outcome:
    """Write the report of the week that holds `week` (default: see `build_report`) as a PDF and a page into `out`.

    Names and titles are those of the brand file as it is now; what it asks for and by which dates needs a run.
    """
    from analytics.registration import rename

    require_report_folder(brand, out)
    with recorded(store, brand.slug, "report") as run:
        outcome = Outcome(run)
        run.begin()
        run.is_whole = True
        rename(store, brand)
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
    """The whole way: collect, look at the terms, score, trends, effects, report, delivery, published copy.

    Where `only_sources` are asked for, no page of terms is.
    """
    require_dask()
    require_report_folder(brand, out)
    pages = _prepare_pages(brand) if brand.file.terms and not only_sources else []
    with recorded(store, brand.slug, "run") as run:
        outcome = Outcome(run)
        _collect(outcome, brand, store, only_sources, since, until, step)
        _watch(outcome, brand, store, pages, step)
        _score(outcome, brand, store, False, step)
        _measure(outcome, brand, store, step, curves=True)
        run.is_whole = True
        _report(outcome, brand, store, out, week, step)
        _deliver(outcome, brand, store, step)
    return outcome


@dataclass(slots=True)
class Compliance:
    """What a deletion sweep did. `others`: sources in the store that another brand file names."""

    run: Run
    sweeps: list[SourceSweep] = field(default_factory=list)
    expired: int = 0
    cleared: Cleared = field(default_factory=Cleared)
    others: list[str] = field(default_factory=list)

    @property
    def failures(self) -> list[SourceSweep]:
        """The sources that could not be looked at in full."""
        return [each for each in self.sweeps if each.failure]


def comply(
    brand: Brand,
    store: Store,
    *,
    only_sources: Sequence[str] = (),
    even_many: bool = False,
    step: Step = run_plainly,
) -> Compliance:
    """Erase what is gone at its source, older than it may be kept, or in quarantine beyond its time.

    `even_many`: believe a source that says of more than half of its posts that they are gone.
    """
    from analytics.store.purging import purge_expired_quarantine

    sources = choose_sources(brand, only_sources)
    _ = store.author_keys  # without the store's own key no mark can be left: told before anything is erased
    with recorded(store, brand.slug, "comply") as run:
        outcome = Compliance(run)
        run.begin()
        outcome.expired = purge_expired_quarantine(store)
        for source in sources:
            sweep = partial(sweep_source, source, store, run.id, even_many)
            outcome.sweeps.append(step(f"look at {source.name} again", sweep))
        run.problem = "; ".join(each.failure for each in outcome.failures)
        outcome.cleared = step("clear files", lambda _: clear_files(store, run.id))
        outcome.others = list_others(brand, store)
    return outcome


def forget(
    store: Store, handle: str, *, source: str | None = None, step: Step = run_plainly
) -> tuple[Forgotten, Cleared]:
    """Erase one author everywhere, or on `source` only. The handle goes into no table, not that of runs either."""
    from analytics.store.forgetting import forget_author

    with recorded(store, EVERY_BRAND, "forget") as run:
        run.begin()
        forgotten = forget_author(store, handle, run.id, source)
        return forgotten, step("clear files", lambda _: clear_files(store, run.id))


def restore_backup(store: Store, backup: Path, *, replace: bool = False) -> tuple[Restored, Cleared]:
    """Put a backup in the place of the store, without what was erased since, and publish it."""
    from analytics.store.restoring import restore

    restored = restore(store, backup, new_run_id(), replace=replace)
    if restored.key_missing:
        store.publish()  # without the key no run can be
        return restored, Cleared()
    with recorded(store, EVERY_BRAND, "restore") as run:
        run.begin()
        return restored, clear_files(store, run.id)


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
    record_questions(store, questions(brand))
    for call in calls:
        bring_in = partial(collect_call, call, store, outcome.run.id)
        outcome.sources.append(step(f"collect {call.request.name}", bring_in, makes=Product.POSTS))
    for signal in brand.signals:
        if only_sources and signal.name not in only_sources:
            continue
        count = partial(collect_signal, brand, signal, store, outcome.run.id, since, until)
        outcome.sources.append(step(f"count {signal.name}", count, "day"))
    outcome.run.problem = "; ".join(each.failure for each in outcome.failures)


def _prepare_pages(brand: Brand) -> list[WatchedPage]:
    """The watched pages; a wrong address is told before anything is done."""
    from connectors.terms.watching import prepare_pages

    return prepare_pages(brand.file.terms)


def _watch(outcome: Outcome, brand: Brand, store: Store, pages: Sequence[WatchedPage], step: Step) -> None:
    from flows.policy_stages import look_at_pages

    if pages:
        outcome.pages, outcome.policy_changes = look_at_pages(pages, brand.slug, store, outcome.run.id, step=step)
        outcome.run.problem = "; ".join(each.failure for each in outcome.failures)


def _register(brand: Brand, store: Store) -> tuple[str, ...]:
    from analytics.registration import register

    return register(store, brand)


def _score(outcome: Outcome, brand: Brand, store: Store, rescore: bool, step: Step) -> None:
    from analytics.trust import update_weekly_numbers

    brands = _register(brand, store)
    reading = step("read posts", partial(_read, store, brands), "reading", makes=Product.SCORES)
    outcome.scored, outcome.rescored, outcome.tagged = reading.scored, reading.rescored, reading.tagged
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
        makes=Product.TRENDS,
    )
    _update_claims(brand, store, step)
    if any(event.responded for event in brand.events):
        from analytics.reception.updating import update_reception

        step("talk of responses", lambda _: update_reception(store, brand))


def _read(store: Store, brands: Sequence[str], advance: Advance) -> Reading:
    dask = find_dask()
    if dask is None:
        from analytics.new_posts import read_new_posts

        return read_new_posts(store, brands, advance)
    from flows.reading_by_dask import read_by_dask

    return read_by_dask(store, brands, dask, advance)


def _update_claims(brand: Brand, store: Store, step: Step) -> None:
    from analytics.claims.updating import update_claims

    if brand.claims:
        step("claims", lambda _: update_claims(store, brand))


def _measure(outcome: Outcome, brand: Brand, store: Store, step: Step, *, curves: bool = False) -> None:
    from analytics.event_study import measure_effects
    from analytics.plan.curve import save_curves
    from analytics.plan.declarations import save_declarations

    def go_on(
        connection: duckdb.DuckDBPyConnection,
        found: Sequence[EventEffect],
        as_of: date,
        bins: Mapping[str, EventBins],
    ) -> None:
        outcome.declarations = save_declarations(connection, brand, outcome.run.id)
        if curves:
            outcome.curves = save_curves(connection, brand, found, as_of, outcome.run.id, bins)

    outcome.effects = step(
        "effects", lambda _: measure_effects(store, brand, outcome.run.id, further=go_on), makes=Product.EFFECTS
    )


def _report(outcome: Outcome, brand: Brand, store: Store, out: Path | None, week: date | None, step: Step) -> None:
    folder = find_report_folder(brand, out)
    outcome.answer, outcome.week, outcome.pdf, outcome.page = step(
        "report", lambda _: _write_report(brand, store, outcome.run.id, folder, week), makes=Product.REPORT
    )


def _write_report(
    brand: Brand, store: Store, run_id: str, folder: Path, week: date | None
) -> tuple[str, date, Path, Path]:
    from analytics.report import (
        QuoteGone,
        appearance_of,
        build_report,
        list_posts_behind,
        listening_of,
        publish_report,
        start_drawing,
        write_wording,
    )
    from analytics.store.purging import count_purges

    settings = brand.file.report
    start_drawing()
    while True:
        with store.gathered() as connection:
            built = build_report(
                connection,
                brand.slug,
                week=week,
                synthetic=settings.synthetic,
                decisions=brand.file.decisions,
                listening=listening_of(brand),
                appearance=appearance_of(brand),
            )
            behind, purges = list_posts_behind(connection, built), count_purges(connection)
        pdf = folder / f"{brand.slug}-{built.week}.pdf"
        page = pdf.with_suffix(".html")
        try:
            publish_report(store, built, pdf, run_id, paper=settings.paper, purges=purges)
            publish_report(store, built, page, run_id, behind=behind, purges=purges)
        except QuoteGone:  # a purge came between; each turn takes another one, so this ends
            continue
        return write_wording(built).headline, built.week, pdf, page


def _deliver(outcome: Outcome, brand: Brand, store: Store, step: Step) -> None:
    """Send the report just written, where the brand file names targets; one that fails is a failure of the run."""
    week, delivery = outcome.week, brand.file.delivery
    if week is None or delivery is None or not delivery.reports:
        return
    from flows.delivery import Delivered
    from flows.delivery_targets import find_targets
    from flows.errors import UsageError
    from flows.report_delivery import deliver_within

    try:
        targets = find_targets(brand)
        outcome.deliveries = step("deliver", lambda _: deliver_within(brand, store, week, targets, outcome.run.id))
    except UsageError as problem:  # the report is written, and stands
        outcome.deliveries = [Delivered("every target", "", "", "failed", str(problem))]
    outcome.run.problem = "; ".join(each.failure for each in outcome.failures)
