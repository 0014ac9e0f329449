"""Every live connector meets every fault: nothing is lost, nothing comes twice, nothing is retried twice over."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from connectors import politeness
from connectors.batch import AuthorKey
from connectors.errors import ConnectorError
from tests.connectors import suite
from tests.connectors.cases import CASES, OpenCase
from tests.connectors.suite import CONTENT, PASSING, TOLD, Case

LIVE = [case for case in CASES if case.__name__ != "archive_case"]


@pytest.fixture(params=LIVE, ids=lambda case: case.__name__.removesuffix("_case"))
def case(request: pytest.FixtureRequest, tmp_path: Path, author_key: AuthorKey) -> Iterator[Case]:
    with request.param(tmp_path, author_key) as prepared:
        yield prepared


SLOW = {"time-out"}  # a time-out has to be waited for


@pytest.mark.parametrize(
    "fault", [pytest.param(fault, marks=[pytest.mark.long] if fault in SLOW else []) for fault in PASSING]
)
def test_a_passing_fault_is_survived_once_and_told_the_third_time(
    case: Case, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One more request and all is here; after the third attempt the error is told, and the next run completes it."""
    if fault == "time-out":
        monkeypatch.setattr(politeness, "READ_SECONDS", 0.6)
    suite.check_passing(case, PASSING[fault], everywhere=fault == "500")  # all at every place: make bench


@pytest.mark.parametrize("fault", TOLD)
def test_a_refusal_is_told_and_nothing_is_lost(case: Case, fault: str) -> None:
    """What waiting does not mend is an error of its kind, and the next run completes the posts."""
    suite.check_told(case, *TOLD[fault], everywhere=fault == "401")


@pytest.mark.parametrize("open_case", LIVE, ids=lambda case: case.__name__.removesuffix("_case"))
def test_odd_content_loses_nothing(open_case: OpenCase, tmp_path: Path, author_key: AuthorKey) -> None:
    """Duplicates, disorder, unknown fields, edits, deletions, skewed clocks and what else the platform knows."""
    with open_case(tmp_path, author_key) as case:
        twists = sorted(case.twists)
    assert set(CONTENT) <= set(twists)
    for twist in twists:
        with open_case(tmp_path, author_key) as case:
            suite.check_twist(case, twist)


@pytest.mark.parametrize("fault", [*PASSING, *TOLD])
def test_every_fault_is_told_with_what_to_do(case: Case, fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever fails at whichever platform, the one line holds what, where and an advice."""
    if fault == "time-out":
        monkeypatch.setattr(politeness, "READ_SECONDS", 0.2)
    outcome = suite.meet(case, [PASSING[fault] if fault in PASSING else TOLD[fault][0]] * 3)
    assert outcome.error is not None
    suite.check_advice(str(outcome.error))


def test_waits_are_on_the_clock_that_is_given(case: Case) -> None:
    """A rate limit is waited for by the injected sleep, as long as the platform says."""
    suite.meet(case, [PASSING["429 with its headers"]])
    assert case.clock.waits


def test_no_secret_is_told(case: Case, caplog: pytest.LogCaptureFixture) -> None:
    """Logs of every library at every level, errors and reprs hold no password and no token."""
    caplog.set_level(logging.DEBUG)
    connector = case.open()
    said = [repr(connector), str(vars(connector))]
    for fault, _ in TOLD.values():
        outcome = suite.meet(case, [fault, fault])
        said += [repr(outcome.error), str(outcome.error)]
        cause: BaseException | None = outcome.error
        while isinstance(cause, BaseException):
            said.append(repr(cause))
            cause = cause.__cause__ or cause.__context__
    assert isinstance(outcome.error, ConnectorError)
    suite.check_no_secret(case.secrets, caplog.text, *said)
