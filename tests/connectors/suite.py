"""What every connector promises, as checks that raise AssertionError.

A new connector joins by a file in `cases/`; `test_every_connector.py` and `test_every_fault.py` then hold it to all of
this.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pyarrow as pa

from brands.query import Query, parse
from connectors.batch import METRICS_SCHEMA, POSTS_SCHEMA, Batch, Connector, Window
from connectors.errors import AuthError, BadPayload, ConnectorError, NotFound, RateLimited, Unavailable
from tests.connectors.conftest import Clock
from tests.servers.platform import Fault, PlatformServer

COLLECTED_AT = datetime(2023, 9, 1, 12)
WINDOW = Window(datetime(2023, 8, 1), datetime(2023, 9, 1))


@dataclass
class Case:
    """A connector with a source behind it whose content is known.

    A live one has a local `server`, the `clock` it waits on, the `secrets` it was given, and `twists`: by name, a
    function that makes the platform odd in one way and gives the ids that must come all the same.
    """

    name: str
    open: Callable[[], Connector]
    expected: set[str]  # ids of all posts that it must give
    handles: Sequence[str]  # names that must not come out of it
    grow: Callable[[], str]  # adds a post a minute older than the window's end, as a late index does; gives its id
    query: Query = field(default_factory=lambda: parse("zoom"))
    window: Window = WINDOW
    server: PlatformServer | None = None
    clock: Clock = field(default_factory=Clock)
    secrets: Sequence[str] = ()
    twists: Mapping[str, Callable[[], set[str]]] = field(default_factory=dict)


@dataclass
class Store:
    """As the real one: rows, cursor and nothing else survive, and they are saved together."""

    rows: dict[str, dict[str, Any]] = field(default_factory=dict)
    cursor: str | None = None
    repeated: int = 0  # ids that one run gave twice

    def collect(self, case: Case, stop_after: int | None = None, connector: Connector | None = None) -> int:
        """Save what comes, as far as batch `stop_after` (from 1). Gives the number of batches."""
        batches = (connector or case.open()).batches(case.query, case.window, self.cursor)
        count = 0
        given: set[str] = set()
        for count, batch in enumerate(batches, start=1):
            ids = batch.posts.column("post_id").to_pylist()
            self.repeated += len(ids) - len(set(ids) - given)
            given |= set(ids)
            self.rows |= {row["post_id"]: row for row in batch.posts.to_pylist()}
            self.cursor = batch.cursor or self.cursor
            if count == stop_after:
                break
        return count


# Checks -----------------------------------------------------------------------------------------------------------


def check_schema(batches: Sequence[Batch]) -> None:
    """Posts and metrics are of the pinned schema, and what must not be NULL is not."""
    for batch in batches:
        assert batch.posts.schema.equals(POSTS_SCHEMA)
        batch.posts.validate(full=True)
        for column in POSTS_SCHEMA:
            assert column.nullable or batch.posts.column(column.name).null_count == 0
        if batch.metrics is not None:
            assert batch.metrics.schema.equals(METRICS_SCHEMA)
            known = pa.array(batch.posts.column("post_id").to_pylist())
            assert set(batch.metrics.column("post_id").to_pylist()) <= set(known.to_pylist())


def check_ids_unique(batches: Sequence[Batch]) -> None:
    """No id comes twice in one run."""
    ids = [post_id for batch in batches for post_id in batch.posts.column("post_id").to_pylist()]
    assert ids
    assert len(ids) == len(set(ids))


def check_times(batches: Sequence[Batch], window: Window) -> None:
    """Times are UTC without a zone and lie in the window, and coverage does not claim more than the window."""
    assert window.since is not None
    assert window.until is not None
    for batch in batches:
        for created in batch.posts.column("created_at").to_pylist():
            assert window.since <= created < window.until
        for row in batch.coverage:
            assert window.since <= row.window_start < row.window_end <= window.until


def check_accounted(batches: Sequence[Batch]) -> None:
    """Every record that was read is a post, rejected, outside the window or not matching; coverage counts the posts."""
    for batch in batches:
        parts = batch.posts.num_rows + len(batch.rejected) + batch.outside + batch.not_matching
        assert batch.read == parts
    posts = sum(batch.posts.num_rows for batch in batches)
    assert posts == sum(row.returned for batch in batches for row in batch.coverage)
    assert sum(batch.read for batch in batches) >= posts > 0


def check_no_handle(batches: Sequence[Batch], handles: Sequence[str], *said: str) -> None:
    """No name stands in any column, rejected record, repr or log."""
    assert handles
    told = [repr([batch.posts.to_pylist() for batch in batches]), repr(batches), *said]
    for handle in handles:
        assert not any(handle in text for text in told)


def check_complete(batches: Sequence[Batch], expected: set[str]) -> None:
    """All posts came, and the run ends with a cursor."""
    assert {post_id for batch in batches for post_id in batch.posts.column("post_id").to_pylist()} == expected
    assert batches[-1].cursor


def check_crash(case: Case, wrap: Callable[[Connector], Connector] = lambda connector: connector) -> None:
    """However many batches were saved before a crash, a second run from the saved cursor completes the posts."""
    batches = Store().collect(case, connector=wrap(case.open()))
    assert batches > 2, "too few batches to tell anything"
    for stop_after in range(1, batches + 1):
        store = Store()
        store.collect(case, stop_after, wrap(case.open()))
        store.collect(case, connector=wrap(case.open()))
        assert set(store.rows) == case.expected, f"after a crash at batch {stop_after}"


def check_resume(case: Case, wrap: Callable[[Connector], Connector] = lambda connector: connector) -> None:
    """A second run changes nothing; a post that turns up late, before the cursor, is still found."""
    store = Store()
    store.collect(case, connector=wrap(case.open()))
    first = dict(store.rows)
    store.collect(case, connector=wrap(case.open()))
    assert store.rows == first
    late = case.grow()
    store.collect(case, connector=wrap(case.open()))
    assert set(store.rows) == {*first, late}


# Faults -----------------------------------------------------------------------------------------------------------

PASSING: Mapping[str, Fault] = {
    "429 with its headers": Fault("rate_limited"),
    "429 without headers": Fault(status=429),
    "500": Fault(status=500),
    "502": Fault(status=502),
    "503": Fault(status=503),
    "time-out": Fault("hang"),
    "reset connection": Fault("reset"),
    "truncated body": Fault("cut"),
}
"""Met once, each is waited for and survived; met three times, it is told."""

TOLD: Mapping[str, tuple[Fault, tuple[type[ConnectorError], ...]]] = {
    "401": (Fault(status=401), (AuthError,)),
    "403": (Fault(status=403), (AuthError,)),
    "404": (Fault(status=404), (NotFound, BadPayload)),
    "HTML for JSON": (Fault("html"), (BadPayload,)),
    "broken JSON": (Fault("broken_json"), (BadPayload,)),
}
"""Asking again does not mend these. A 401 may be survived by a connector that can log in anew."""

CONTENT = ("duplicates", "out_of_order", "unknown_fields", "edited_between_pages", "deleted", "clock_skew")
"""Twists that every live case has; others, such as token_expiry, belong to platforms that know them."""


ADVICE = re.compile(
    r"(?:[;:?,(] |, or |, and | it |, which )(?:add|ask|buy|change|check|choose|compare|copy|delete|give|install|"
    r"leave|log in|look up|make|mend|name|opt in|put|raise|register|remove|restore|run again|set|shorten|take|"
    r"tell|unpack|wait|write|is the address right\? check)\b",
    re.IGNORECASE,
)
"""What a line tells a person to do: an imperative that begins a clause."""


def check_advice(line: str) -> None:
    """An error is one line that says what, where and what to do."""
    assert "\n" not in line
    assert re.fullmatch(r".+: .+ \(.+\)", line), line
    assert ADVICE.search(line), f"says nothing to do: {line}"


@dataclass(frozen=True)
class Outcome:
    """What became of a run that met a fault, and of the run after it."""

    error: ConnectorError | None
    lost: int
    duplicated: int
    requests: int  # of the run that met the fault


def meet(case: Case, faults: Sequence[Fault | None], expected: set[str] | None = None) -> Outcome:
    """Collect while `faults` meet the requests, then once more without any."""
    assert case.server is not None
    store, error = Store(), None
    case.server.log.clear()
    case.server.faults.extend(faults)
    try:
        store.collect(case)
    except ConnectorError as problem:
        error = problem
    requests = len(case.server.log)
    case.server.faults.clear()
    store.collect(case)
    expected = case.expected if expected is None else expected
    return Outcome(error, len(expected - set(store.rows)), store.repeated + len(set(store.rows) - expected), requests)


def count_requests(case: Case) -> int:
    """How many requests a run without faults makes that a fault could meet."""
    assert case.server is not None
    case.server.log.clear()
    Store().collect(case)
    return sum(case.server.meets_faults(request) for request in case.server.log)


def find_places(case: Case, *, everywhere: bool) -> tuple[list[int], int]:
    """Which requests of a run meet a fault (first, middle and last, or only the middle one), and how many it makes."""
    assert case.server is not None
    whole = count_requests(case)
    return sorted({0, whole // 2, whole - 1}) if everywhere else [whole // 2], len(case.server.log)


def check_passing(case: Case, fault: Fault, *, everywhere: bool = True) -> list[Outcome]:
    """Met once, the fault is survived by one more request; met three times it is told, and nothing is lost."""
    places, everything = find_places(case, everywhere=everywhere)
    outcomes = []
    for at in places:
        once = meet(case, [None] * at + [fault])
        assert (once.error, once.lost, once.duplicated) == (None, 0, 0), f"at request {at}: {once}"
        assert once.requests == everything + 1, f"asked {once.requests} times instead of {everything + 1}"
        thrice = meet(case, [None] * at + [fault] * 3)
        assert isinstance(thrice.error, RateLimited | Unavailable), f"at request {at}: {thrice}"
        assert (thrice.lost, thrice.duplicated) == (0, 0), f"at request {at}: {thrice}"
        outcomes += [once, thrice]
    return outcomes


def check_told(
    case: Case, fault: Fault, kinds: tuple[type[ConnectorError], ...], *, everywhere: bool = True
) -> list[Outcome]:
    """Wherever it is met, the fault is told as what it is (or survived by logging in anew), and nothing is lost."""
    places, _ = find_places(case, everywhere=everywhere)
    outcomes = []
    for at in places:
        outcome = meet(case, [None] * at + [fault] * 2)
        assert outcome.error is None or isinstance(outcome.error, kinds), f"at request {at}: {outcome.error!r}"
        assert outcome.error is not None or fault.status == 401, f"at request {at}: not told"
        assert (outcome.lost, outcome.duplicated) == (0, 0), f"at request {at}: {outcome}"
        outcomes.append(outcome)
    return outcomes


def check_twist(case: Case, twist: str) -> list[Outcome]:
    """However odd the platform is, what must come comes, once."""
    outcome = meet(case, [], case.twists[twist]())
    assert (outcome.error, outcome.lost, outcome.duplicated) == (None, 0, 0), f"{twist}: {outcome}"
    return [outcome]


def check_no_secret(secrets: Sequence[str], *said: str) -> None:
    """No password and no token stands in any log, error or repr."""
    for secret in secrets:
        assert not any(secret in text for text in said)
