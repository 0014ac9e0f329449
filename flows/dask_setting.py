"""Whether Dask reads posts, and which: BRANDTRUST_DASK. Nothing of Dask is imported where it is not set."""

from __future__ import annotations

import os
from dataclasses import dataclass
from importlib.util import find_spec

from flows.errors import UsageError

NAME = "BRANDTRUST_DASK"
ANSWER_SECONDS = 10


@dataclass(frozen=True, slots=True)
class DaskSetting:
    """The address of a scheduler, or, where that is empty, how many workers to start on this machine."""

    address: str = ""
    workers: int = 0


def find_dask() -> DaskSetting | None:
    """What BRANDTRUST_DASK says; None where nothing is set. Raises UsageError for what cannot be used."""
    told = os.environ.get(NAME, "").strip()
    if not told:
        return None
    if told.isascii() and told.isdigit() and int(told):
        setting = DaskSetting(workers=int(told))
    elif "://" in told:
        setting = DaskSetting(address=told)
    else:
        raise UsageError(
            f"{NAME}={told}: neither a number of workers to start here, such as 4, nor the address of a Dask "
            "scheduler, such as tcp://10.0.0.5:8786"
        )
    if find_spec("prefect_dask") is None:
        raise UsageError(f"{NAME} is set and prefect-dask is not installed; run: pip install prefect-dask, or unset it")
    return setting


def require_dask() -> None:
    """See that what is set can be used, before anything is done. Raises UsageError."""
    setting = find_dask()
    if setting is not None and setting.address:
        count_threads(setting.address)


def count_threads(address: str) -> int:
    """How many threads the workers of the scheduler at `address` have. Raises UsageError where none answers."""
    import distributed

    try:
        with distributed.Client(address, timeout=ANSWER_SECONDS, set_as_default=False) as client:  # type: ignore[no-untyped-call]
            threads = int(sum(client.nthreads().values()))
    except (OSError, ValueError, TypeError, KeyError, RuntimeError) as problem:
        told = " ".join(str(problem).split())[:160]
        raise UsageError(
            f"{NAME}={address}: no Dask scheduler answers there ({told}); start it, mend the address, or unset it to "
            "read here"
        ) from None
    if not threads:
        raise UsageError(f"{NAME}={address}: the Dask scheduler there has no workers; start some, or unset it")
    return threads
