"""The flows: they load as Prefect loads them, and a run through Prefect does what the plain functions do."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import date
from importlib.machinery import PathFinder
from importlib.metadata import version
from pathlib import Path

import pytest

from analytics.report import ReportError
from analytics.store import Store, read
from brands.brand_file import load
from flows import stages
from tests.conftest import ROOT
from tests.flows.acme import live_source, write_acme
from tests.servers.algolia import AlgoliaServer, Fault

FLOWS = ["collect", "analyse", "report", "weekly", "policy_watch", "comply", "alerts"]


@pytest.mark.parametrize("name", FLOWS)
def test_every_entrypoint_loads(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """As a worker would load it; import errors are not hidden behind a placeholder."""
    from prefect.flows import load_flow_from_entrypoint

    monkeypatch.chdir(ROOT)
    flow = load_flow_from_entrypoint(f"flows/{name}_flow.py:{name}_flow", use_placeholder_flow=False)
    assert flow.name == name
    assert flow.retries == 0
    dated = {"since": "2023-01-01"} if "since" in flow.parameters.properties else {}
    checked = flow.validate_parameters({"brand_file": "acme.toml", **dated})
    assert checked["brand_file"] == "acme.toml"
    assert not dated or checked["since"] == date(2023, 1, 1)
    # A served run gets the flow without its module: names of types that stand as text find nothing there.
    assert not [name for name, kind in flow.fn.__annotations__.items() if isinstance(kind, str)]


def test_no_module_of_flows_hides_another() -> None:
    """Prefect puts flows/ itself on sys.path: a module there must not have the name of anything installed."""
    others = [entry for entry in sys.path if Path(entry or ".").resolve() != ROOT / "flows"]
    names = [path.stem for path in (ROOT / "flows").glob("*.py") if path.stem != "__init__"]
    assert [name for name in names if name in sys.stdlib_module_names or PathFinder.find_spec(name, others)] == []


def test_prefect_can_schedule_with_the_installed_sqlalchemy() -> None:
    """With SQLAlchemy 2.1 the scheduler of Prefect 3.8.8 inserts no run, and says so only in the server's log."""
    assert version("prefect") != "3.8.8" or int(version("sqlalchemy").split(".")[1]) == 0


@pytest.fixture(scope="module")
def ran(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, subprocess.CompletedProcess[str]]:
    """One run through Prefect, in a process of its own, with one source that fails; the only one: it costs much."""
    folder = tmp_path_factory.mktemp("prefect")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT", "BRANDTRUST"))}
    # Prefect's own database takes longest to make; pytest keeps it for the next session.
    home = request.config.cache.mkdir("prefect") if request.config.cache else folder / "home"
    environment |= {"PREFECT_HOME": str(home), "PYTHONPATH": str(ROOT)}
    with AlgoliaServer() as server:
        server.faults.extend([Fault(status=403)] * 2)
        path = write_acme(folder, more=live_source(server.url))
        command = [sys.executable, "-m", "flows.command_line", "run", path.name]
        return folder, subprocess.run(
            command, cwd=folder, env=environment, capture_output=True, text=True, timeout=240, check=False
        )


def test_a_run_through_prefect_makes_the_report(ran: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    """The answer in one sentence, both paths, the failed source by name, exit code 1, and no log between."""
    folder, run = ran
    assert run.returncode == 1, run.stderr
    (pdf,) = (folder / "reports").glob("acme-*.pdf")
    assert pdf.read_bytes().startswith(b"%PDF-")
    assert f"Report: reports/{pdf.name}" in run.stdout
    assert f"In a browser: reports/{pdf.stem}.html" in run.stdout
    assert pdf.with_suffix(".html").read_bytes().startswith(b"<!DOCTYPE html>")
    told = run.stdout.splitlines()
    answer = told[told.index(f"Report: reports/{pdf.name}") - 1]
    assert answer.endswith(".")
    failed = [line for line in run.stderr.splitlines() if line.startswith("brandtrust: ")]
    assert all("hackernews" in line for line in failed)
    assert len(failed) == 2
    assert all(noise not in run.stderr + run.stdout for noise in ("Traceback", "prefect", "Task run", "Flow run"))


def test_a_second_run_changes_no_number(ran: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    """Plain functions after Prefect, on the same store: nothing new, every view as it was."""
    folder, _ = ran
    store = Store(folder / "brandtrust.duckdb")
    names = [
        "trust_weekly",
        "trust_daily",
        "attention_weekly",
        "source_weekly",
        "brand_posts",
        "effects",
        "author_weeks",
    ]
    before = {name: read(name, store=store.path) for name in names}
    assert len(before["brand_posts"]) == 400
    outcome = stages.weekly(load(folder / "acme.toml"), store, only_sources=["forum"])
    assert (outcome.new, outcome.scored, outcome.tagged, outcome.weeks) == (0, 0, 0, 0)
    for name in names:
        assert read(name, store=store.path).equals(before[name]), name


def test_what_came_before_a_report_that_fails_is_published(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Collected and counted it is whole: readers need not wait for the run that mends the report."""

    def fail(*_: object, **__: object) -> None:
        raise ReportError("no report today")

    monkeypatch.setattr("analytics.report.build_report", fail)
    store = Store(tmp_path / "brandtrust.duckdb")
    with pytest.raises(ReportError, match="no report today"):
        stages.weekly(load(write_acme(tmp_path)), store, only_sources=["forum"])
    assert len(read("brand_posts", store=store.path)) == 400
    assert len(read("trust_weekly", store=store.path))
    with store.reader() as connection:
        assert connection.execute("SELECT status, detail FROM runs").fetchall() == [
            ("failed", "ReportError: no report today")
        ]
