"""What `brandtrust doctor` looks at. It never prints a secret, and asks no paid source."""

from __future__ import annotations

import os
import platform
import stat
from collections.abc import Iterator, Sequence
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

from analytics.store import Store, StoreError, now, read
from brands.wording import write_count
from connectors.credentials import Credential, Credentials, tell_how_to_get
from connectors.errors import AuthError
from connectors.registry import is_paid, needed_credentials
from connectors.signals.registry import needed_credentials as signal_credentials
from flows.approvals import require
from flows.credentials import env_file, find_credentials
from flows.dask_setting import count_threads, find_dask
from flows.delivery_targets import find_targets
from flows.errors import UsageError
from flows.finding import Finding
from flows.listening import ARCHIVE, requests
from flows.policy_diagnosis import examine_pages
from flows.report_folder import find_obstacle, find_report_folder

if TYPE_CHECKING:
    from brands.brand_file import Brand, Source
    from brands.schema import Signal

PACKAGES = (
    *("duckdb", "pandas", "pyarrow", "prefect", "typst", "vaderSentiment"),
    *("praw", "tweepy", "atproto", "Mastodon.py", "fastfeedparser"),
)


def examine(brand: Brand | None, store: Store, *, online: bool = False) -> Iterator[Finding]:
    """Python, packages, store, key, Prefect, and `brand`'s reports, sources and terms; `online` asks the latter two."""
    yield Finding("python", True, platform.python_version())
    for name in PACKAGES:
        yield _package(name)
    yield from _store(store)
    yield _prefect()
    yield from _dask()
    yield from _secrets()
    if brand is not None:
        for source in {request.source.name: request.source for request in requests(brand)}.values():
            yield _source(source, store, online)
        for signal in brand.signals:
            yield _signal(signal)
        yield from examine_pages(brand, store, online=online)
        yield _reports(brand)
        yield from _targets(brand)


def _package(name: str) -> Finding:
    try:
        return Finding(name, True, version(name))
    except PackageNotFoundError:
        return Finding(name, False, "not installed; install from requirements.lock")


def _store(store: Store) -> Iterator[Finding]:
    if not store.exists:
        yield Finding("store", True, f"{store.url}: not made yet; the first run makes it")
        return
    try:
        yield Finding("store", True, f"{store.url}: {store.size / 1e6:,.1f} MB")
    except StoreError as problem:
        yield Finding("store", False, str(problem))
        return
    yield _published(store)
    path = store.key_path
    if not path.exists():
        yield Finding("author key", False, f"{path}: missing; restore the file or set BRANDTRUST_KEY_FILE")
        return
    mode = stat.S_IMODE(path.stat().st_mode)
    private = os.name != "posix" or not mode & 0o077
    yield Finding("author key", private, f"{path}: mode {mode:o}" + ("" if private else f"; run: chmod 600 {path}"))


def _published(store: Store) -> Finding:
    from flows.published_sql import age

    try:
        with store.reader() as connection:
            row = connection.execute(
                "SELECT command, status, started_at FROM runs ORDER BY started_at DESC LIMIT 1"
            ).fetchone()
    except StoreError as problem:
        return Finding("published copy", False, str(problem))
    last = f"; last run: {row[0]}, {row[1]}, {row[2]:%Y-%m-%d %H:%M} UTC" if row else ""
    return Finding("published copy", True, age(store) + last)


def _prefect() -> Finding:
    from prefect.settings import PREFECT_API_URL

    from flows.own_server import answers, running_server

    url = PREFECT_API_URL.value()
    if not url:
        served = running_server()
        told = f"that of brandtrust serve, {served}" if served else "none configured; a run starts its own on loopback"
        return Finding("prefect server", True, told)
    # An address may hold a password; the host says which server it is.
    shown = str(url).rsplit("@", 1)[-1]
    return (
        Finding("prefect server", True, shown)
        if answers(url)
        else Finding("prefect server", False, f"{shown}: no answer")
    )


def _dask() -> Iterator[Finding]:
    try:
        setting = find_dask()
        if setting is not None:
            where = f"at {setting.address}" if setting.address else "on this machine, started where they pay"
            threads = count_threads(setting.address) if setting.address else setting.workers
            yield Finding("dask", True, f"{write_count(threads, 'worker thread')} {where}")
    except UsageError as problem:
        yield Finding("dask", False, str(problem))


def _secrets() -> Iterator[Finding]:
    """The file of secrets, and where it would be looked for."""
    path = env_file()
    if not path.is_file():
        told = f"no file {path.resolve()} (BRANDTRUST_ENV_FILE names another); the environment is read all the same"
        yield Finding("secrets", True, told)
    else:
        mode = stat.S_IMODE(path.stat().st_mode)
        private = os.name != "posix" or not mode & 0o077
        yield Finding("secrets", private, f"{path}: mode {mode:o}" + ("" if private else f"; run: chmod 600 {path}"))


def _reports(brand: Brand) -> Finding:
    folder = find_report_folder(brand)
    if obstacle := find_obstacle(folder):
        return Finding("reports", False, f"{obstacle}; make room, or choose another out in [report]")
    made = "" if folder.is_dir() else ": not made yet; the first run makes it"
    return Finding("reports", True, f"{folder}{made}")


def _targets(brand: Brand) -> Iterator[Finding]:
    """Where reports and alerts go, masked; nobody is asked, for that would send something."""
    try:
        found = find_targets(brand)
    except UsageError as problem:
        yield Finding("delivery", False, str(problem))
        return
    for target in found:
        yield Finding(
            f"target {target.name}", not target.problem, target.problem or f"{target.shown}: ready, not asked"
        )


def _signal(signal: Signal) -> Finding:
    subject = f"signal {signal.name}"
    if signal.path is not None and not signal.path.is_file():
        return Finding(subject, False, f"{signal.path}: is no file")
    needs = signal_credentials(signal)
    try:
        held = find_credentials(needs)
    except UsageError as problem:
        return Finding(subject, False, f"{signal.connector}: {problem}")
    missing = [need for need in needs if need.required and need.name not in held]
    if missing:
        return Finding(subject, False, f"{signal.connector}: {_tell_missing(missing)}")
    unnamed = signal.connector == "pageviews" and not signal.contact
    hint = '; set contact = "you@your.org" for it: Wikimedia asks every program for an address' if unnamed else ""
    return Finding(subject, True, f"{signal.connector}: ready, not asked{hint}")


def _tell_missing(missing: Sequence[Credential]) -> str:
    return f"{' and '.join(need.name for need in missing)} not set; {tell_how_to_get(missing)}"


def _spent(source: Source, store: Store) -> str:
    """What a paid source cost this month, by the published copy. It is never asked here, since every request costs."""
    try:
        months = read("spend_monthly", since=now().date().replace(day=1), store=store.url)
        spent = months.loc[months["source"] == source.name, "cost_usd"].sum()
    except StoreError:  # nothing is published yet, so nothing was spent by a whole run
        spent = 0.0
    return f"{spent:,.2f} of {source.max_usd_per_month:,.2f} USD spent this month; not asked, since that costs money"


def _source(source: Source, store: Store, online: bool) -> Finding:
    subject = f"source {source.name}"
    if source.connector == ARCHIVE:
        if source.path is None or not source.path.is_file():
            return Finding(subject, False, f"{source.path}: is no file")
        return Finding(subject, True, f"{source.path}: {source.path.stat().st_size / 1e6:,.1f} MB")
    try:
        needs = needed_credentials(source.connector)
        held = find_credentials(needs)
    except (ImportError, UsageError) as problem:
        return Finding(subject, False, f"{source.connector}: {problem}")
    missing = [need for need in needs if need.required and need.name not in held]
    lacking = [_tell_missing(missing)] if missing else []
    try:
        require(source, store)
    except (AuthError, StoreError) as problem:
        lacking.append(getattr(problem, "problem", str(problem)))
    if lacking:
        return Finding(subject, False, f"{source.connector}: {'; and '.join(lacking)}")
    optional = [need for need in needs if need.name not in held]
    names = ", ".join(need.name for need in optional)
    without = f" (without {names} less is found; {tell_how_to_get(optional)})" if optional else ""
    if is_paid(source.connector):
        return Finding(subject, True, f"{source.connector}: ready{without}; {_spent(source, store)}")
    if not online:
        return Finding(subject, True, f"{source.connector}: ready{without}, not asked (--online asks)")
    return _live(subject, source, held, without)


def _live(subject: str, source: Source, credentials: Credentials, without: str) -> Finding:
    """Ask for the posts of the last hour that match nothing in particular: one page at most is read."""
    from datetime import timedelta
    from itertools import islice

    from brands.query import parse
    from connectors.batch import Window
    from connectors.errors import ConnectorError
    from connectors.registry import open_source

    moment = now()
    try:
        connector = open_source(source, author_key=lambda *_: "", collected_at=moment, credentials=credentials)
        hour = Window(moment - timedelta(hours=1), moment)
        for _ in islice(connector.batches(parse('"brandtrust doctor"'), hour, None), 100):
            pass  # to the end: a failed window comes first, and then its error
    except ConnectorError as problem:
        return Finding(subject, False, " ".join(str(problem).split()))
    return Finding(subject, True, f"{source.connector}: answers{without}")
