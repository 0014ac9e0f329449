"""Terms as a source, as plain functions: import a history, watch pages, confirm a change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from analytics.notice import find_notices, save_notices
from analytics.policy.history import confirm_change, save_versions, update_changes
from analytics.policy.news import find_news
from analytics.policy.watched_pages import Look, find_known, save_look
from analytics.store import Store, StoreError, now
from brands.brand_file import slugify
from connectors.terms.page_requests import PageClient
from connectors.terms.reading import read_history
from connectors.terms.versions import SOURCE, RecordedVersion
from connectors.terms.watching import WatchedPage, check_length, look_at, prepare_pages
from flows.errors import UsageError
from flows.failures import tell_failure
from flows.progress import Advance
from flows.runs import Run, recorded
from flows.stages import Step, run_plainly

if TYPE_CHECKING:
    from analytics.notice import Notice
    from analytics.policy.history import SavedVersions
    from analytics.policy.listing import FoundChange
    from analytics.policy.news import NewChange
    from analytics.policy.watched_pages import Outcome
    from brands.brand_file import Brand
    from connectors.terms.versions import History

VERSION = "version"


@dataclass(slots=True)
class PolicyImport:
    """What an import did."""

    run: Run
    brand: str
    history: History
    saved: SavedVersions
    compared: int


def import_history(
    path: Path,
    store: Store,
    *,
    brand: Brand | None = None,
    service: str = "",
    documents: Sequence[str] = (),
    step: Step = run_plainly,
) -> PolicyImport:
    """Keep the versions recorded at `path`; again adds nothing. Bad input is raised before anything is written.

    Without `brand` they are of the brand whose slug the service's name gives.
    """
    read = partial(read_history, path, service=service, documents=documents)
    history = step(f"read {path.name or path}", lambda advance: read(progress=advance), VERSION)
    slug = brand.slug if brand is not None else slugify(history.service)
    if not slug:
        raise UsageError(
            f"{path}: does not say whose terms these are; add the brand file: policy import PATH BRAND.toml"
        )
    with recorded(store, slug, "policy import") as run:
        saved = step("save", lambda _: save_versions(store, slug, history.versions))
        run.begin()
        compared = step("find changes", lambda advance: update_changes(store, slug, advance), VERSION)
    return PolicyImport(run, slug, history, saved, compared)


@dataclass(frozen=True, slots=True)
class PageResult:
    """How a look at a watched page ended. `asked_at`: UTC without zone; a new version is recorded under it."""

    document: str
    outcome: Outcome
    asked_at: datetime
    failure: str = ""

    @property
    def source(self) -> str:
        """What it is called where sources that failed are named."""
        return self.document


@dataclass(slots=True)
class Watch:
    """What watching did."""

    run: Run
    pages: list[PageResult] = field(default_factory=list)
    changes: list[NewChange] = field(default_factory=list)

    @property
    def failures(self) -> list[PageResult]:
        """The pages that could not be read."""
        return [each for each in self.pages if each.failure]


def watch(
    brand: Brand,
    store: Store,
    *,
    even_short: bool = False,
    client: PageClient | None = None,
    step: Step = run_plainly,
) -> Watch:
    """Look at every page of `[[terms]]` and keep the texts that are new. One that fails stops no other.

    `even_short`: believe a page that has less than half of the text that it had.
    """
    if not brand.file.terms:
        raise UsageError(f"{brand.path}: names no page to watch; add a [[terms]] table with document and url")
    pages = prepare_pages(brand.file.terms)
    with recorded(store, brand.slug, "policy watch") as run:
        outcome = Watch(run)
        run.begin()
        outcome.pages, outcome.changes = look_at_pages(
            pages, brand.slug, store, run.id, even_short=even_short, client=client, step=step
        )
        run.problem = "; ".join(f"{each.document}: {each.failure}" for each in outcome.failures)
    return outcome


def look_at_pages(
    pages: Sequence[WatchedPage],
    brand: str,
    store: Store,
    run_id: str,
    *,
    even_short: bool = False,
    client: PageClient | None = None,
    step: Step = run_plainly,
) -> tuple[list[PageResult], list[NewChange]]:
    """The looks inside a run that has begun, and those changes they brought that speak of data and AI practices."""
    client = client or PageClient(SOURCE)
    looked = []
    for page in pages:
        look = partial(_watch_page, page, brand, store, client, run_id, even_short)
        looked.append(step(f"look at {page.document}", look, VERSION))
    step("find changes", lambda advance: update_changes(store, brand, advance), VERSION)
    fresh = {(each.document, each.asked_at) for each in looked if each.outcome == "changed"}
    return looked, list(find_news(store, brand, fresh))


def propose_notices(brand: Brand, store: Store) -> list[Notice]:
    """When signals say that each event was noticed; the proposals are kept, the brand file is left as it is."""
    today = now().date()
    with recorded(store, brand.slug, "policy notice") as run:
        run.begin()
        with store.transaction() as connection:
            found = find_notices(connection, brand, today)
            save_notices(connection, brand.slug, found, today, run.id)
    return found


def _watch_page(
    page: WatchedPage, brand: str, store: Store, client: PageClient, run_id: str, even_short: bool, progress: Advance
) -> PageResult:
    """One look, written down however it ends: a failed one as failed, never as an empty text."""
    asked_at = now()
    look = partial(Look, run_id, brand, page.document, page.hash, page.shown, asked_at)
    try:
        known = find_known(store, brand, page.document, page.hash, asked_at)
        found = look_at(client, page, known.etag, known.modified)
        if found.text is None:
            save_look(store, look("not_sent", etag=found.etag, modified=found.modified))
            return PageResult(page.document, "not_sent", asked_at)
        if not even_short:
            check_length(page, found.text, known.text)
        changed = found.text != known.text
        version = RecordedVersion(page.document, asked_at, found.text, "page", page.shown) if changed else None
        ended: Outcome = "changed" if changed else "unchanged"
        save_look(store, look(ended, etag=found.etag, modified=found.modified), version)
        progress(int(changed))
        return PageResult(page.document, ended, asked_at)
    except StoreError:
        raise
    except Exception as problem:  # whatever one page does, the others are looked at
        failure = tell_failure(problem, SOURCE)
        save_look(store, look("failed", failure))
        return PageResult(page.document, "failed", asked_at, failure)


def confirm(brand: Brand, store: Store, change: FoundChange, event_id: str, who: str, *, confirmed: bool) -> None:
    """Write down a person's word on a change; the events of the brand file know of it at once."""
    from analytics.registration import register

    with recorded(store, brand.slug, "policy confirm") as run:
        run.begin()
        confirm_change(store, brand.slug, change.document, change.recorded_at, event_id, who, confirmed=confirmed)
        register(store, brand)
