"""Every connector meets every fault: how many were tried, and what was lost or came twice."""

from __future__ import annotations

import hashlib
import logging
import tempfile
from collections.abc import Iterator
from pathlib import Path

from connectors import archive_formats, politeness
from tests.bench.measurement import run
from tests.bench.tables import Table
from tests.connectors import suite
from tests.connectors.cases import CASES, OpenCase
from tests.connectors.suite import PASSING, TOLD, Outcome


def author_key(source: str, handle: str) -> str:
    return hashlib.sha256(f"{source}|{handle}".encode()).hexdigest()


def meet_all(open_case: OpenCase) -> Iterator[tuple[str, list[Outcome]]]:
    """Each fault with what became of it, on a fresh platform."""
    with tempfile.TemporaryDirectory() as folder, open_case(Path(folder), author_key) as case:
        twists = sorted(case.twists)
        if case.server is None:
            return
    for name, fault in PASSING.items():
        with tempfile.TemporaryDirectory() as folder, open_case(Path(folder), author_key) as case:
            yield name, suite.check_passing(case, fault)
    for name, (fault, kinds) in TOLD.items():
        with tempfile.TemporaryDirectory() as folder, open_case(Path(folder), author_key) as case:
            yield name, suite.check_told(case, fault, kinds)
    for twist in twists:
        with tempfile.TemporaryDirectory() as folder, open_case(Path(folder), author_key) as case:
            yield twist, suite.check_twist(case, twist)


def main() -> None:
    """Print the table."""
    logging.disable(logging.CRITICAL)
    politeness.READ_SECONDS = 0.6
    archive_formats.CHUNK_ROWS = 300  # several batches of a small file
    columns = {"connector": "<12", "faults": ",", "runs": ",", "lost": ",", "duplicated": ",", "faults tried": "<"}
    table = Table("Every connector under every fault: posts lost and posts that came twice", columns)
    for open_case in CASES:
        with tempfile.TemporaryDirectory() as folder, open_case(Path(folder), author_key) as case:
            connector = case.name
            suite.check_crash(case)
        tried = {"a crash after each batch": [Outcome(None, 0, 0, 0)], **dict(meet_all(open_case))}
        outcomes = [outcome for some in tried.values() for outcome in some]
        lost, duplicated = (sum(getattr(one, name) for one in outcomes) for name in ("lost", "duplicated"))
        table.add(connector, len(tried), len(outcomes), lost, duplicated, ", ".join(tried))


if __name__ == "__main__":
    run(main)
