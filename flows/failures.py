"""How the command line ends when something is wrong: one line on standard error and an exit code."""

from __future__ import annotations

import functools
import sys
import traceback
from collections.abc import Callable
from typing import Any, TypeVar

import typer

from flows.settings import prepare_environment

BAD_INPUT = 2
INTERRUPTED = 130
INTERRUPTED_QUERY = "Query interrupted"
Command = TypeVar("Command", bound=Callable[..., None])


def guarded(command: Command) -> Command:
    """Turn what a command raises into one line and an exit code; with `debug` the traceback goes before it."""

    @functools.wraps(command)
    def run(*args: Any, **kwargs: Any) -> None:
        debug = bool(kwargs.get("debug"))
        prepare_environment(quiet=not debug)
        try:
            if kwargs.get("store"):
                from analytics.store.lake_url import without_password

                kwargs["store"] = without_password(kwargs["store"])  # what Prefect records of a run has none
            command(*args, **kwargs)
        except (typer.Exit, BrokenPipeError):
            raise
        except (KeyboardInterrupt, typer.Abort):  # Ctrl-C, at a question too
            _say("interrupted; what was saved stays, and the next run goes on from there")
            raise typer.Exit(INTERRUPTED) from None
        except Exception as problem:
            if isinstance(problem, RuntimeError) and str(problem) == INTERRUPTED_QUERY:  # Ctrl-C, as DuckDB tells it
                _say("interrupted; what was saved stays, and the next run goes on from there")
                raise typer.Exit(INTERRUPTED) from None
            if debug:
                traceback.print_exc()
            _say(one_line(problem))
            raise typer.Exit(BAD_INPUT) from None

    return run  # type: ignore[return-value]


def one_line(problem: BaseException) -> str:
    """What a person is told: the message of a fault that we know, or what was unexpected and how to see more."""
    told = " ".join(str(problem).split())
    if is_known(problem):
        return told
    return f"unexpected: {type(problem).__name__}: {told[:300]}; run again with --debug"


def tell_failure(problem: Exception, source: str) -> str:
    """The line for a source that failed while others went on."""
    told = " ".join(str(problem).split())
    return told if is_known(problem) else f"{source}: unexpected {type(problem).__name__}: {told[:200]}"


def is_known(problem: BaseException) -> bool:
    """Whether the fault is one whose message was written for people."""
    from analytics.evaluation import EvaluationError
    from analytics.report import ReportError
    from analytics.sentiment import ModelError
    from analytics.store import StoreError
    from brands.brand_file import BrandFileError
    from brands.query import QueryError
    from connectors.errors import ConnectorError
    from flows.errors import FlowError

    known = (
        BrandFileError,
        QueryError,
        ConnectorError,
        StoreError,
        ReportError,
        FlowError,
        EvaluationError,
        ModelError,
    )
    return isinstance(problem, known)


def _say(line: str) -> None:
    from flows.terminal import printable

    sys.stderr.write(f"brandtrust: {printable(line)}\n")
