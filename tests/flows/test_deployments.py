"""The table of deployments: what stands in it for a brand, and that prefect.yaml and Prefect itself say the same."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml
from prefect.cli.deploy._models import PrefectYamlModel
from prefect.settings import PREFECT_API_URL, temporary_settings
from prefect.utilities.callables import parameter_schema_from_entrypoint

from brands.brand_file import load
from flows.deployments import Deployment, plan_deployments, tell_schedules
from flows.prefect_deployments import to_register, to_serve
from flows.prefect_yaml import write_yaml
from tests.conftest import ROOT
from tests.flows.acme import write_acme
from tests.flows.conftest import BrandTrust

FLOWS = ["collect", "analyse", "comply", "policy_watch", "alerts", "weekly"]
TERMS = '[[terms]]\ndocument = "Terms"\nurl = "https://example.org/terms"\n'

Plan = Callable[..., dict[str, Deployment]]


@pytest.fixture
def plan(workplace: Path) -> Plan:
    """The deployments by their flows, of a brand file with `more` at its end."""

    def make(more: str = "") -> dict[str, Deployment]:
        brand = load(write_acme(workplace, more=more))
        return {each.flow: each for each in plan_deployments(brand, Path("acme.toml"), Path("s.duckdb"))}

    return make


def test_a_brand_has_them_all_and_only_those_of_use_fire(plan: Plan) -> None:
    """Without terms and a table of alerts there is nothing to watch; by hand every one can be started."""
    planned = plan()
    assert list(planned) == FLOWS
    assert [flow for flow, each in planned.items() if each.active] == ["collect", "analyse", "comply", "weekly"]
    assert all(each.active for each in plan(f"{TERMS}[alerts]\n").values())


def test_the_brand_file_changes_or_switches_off_each(plan: Plan) -> None:
    """A cron of its own, or off; the report's stands in [report] unless [schedules] has one; zones are the brand's."""
    planned = plan('[report]\ncron = "5 8 * * 1"\n[schedules]\ncollect = "off"\nanalyse = "1 2 * * *"\n[alerts]\n')
    assert (planned["analyse"].cron, planned["analyse"].active) == ("1 2 * * *", True)
    assert (planned["collect"].cron, planned["collect"].active) == ("10 * * * *", False)
    assert planned["weekly"].cron == "5 8 * * 1"
    assert plan('[schedules]\nreport = "off"\n')["weekly"].active is False
    assert plan('[schedules]\nreport = "9 9 * * 2"\n')["weekly"].cron == "9 9 * * 2"


def test_nothing_is_collected_twice_an_hour(plan: Plan) -> None:
    """Alerts bring in what is new only where nothing else does so; they score it in any case."""
    assert plan("[alerts]\n")["alerts"].parameters["collects"] is False
    assert plan("[alerts]\n")["alerts"].parameters["scores"] is True
    assert plan('[alerts]\n[schedules]\ncollect = "off"\n')["alerts"].parameters["collects"] is True


def test_schedules_are_told_in_the_brands_time_zone(workplace: Path) -> None:
    """Monday at seven is that of the brand, on both sides of a change of clocks."""
    path = write_acme(workplace)
    path.write_text(path.read_text().replace('query = "acme"', 'query = "acme"\ntimezone = "Europe/Berlin"', 1))
    planned = plan_deployments(load(path), path, Path("s.duckdb"))
    weekly = planned[-1]
    assert weekly.fires_next(datetime(2026, 3, 25, tzinfo=UTC)).astimezone(UTC) == datetime(2026, 3, 30, 5, tzinfo=UTC)
    assert weekly.fires_next(datetime(2026, 3, 18, tzinfo=UTC)).astimezone(UTC) == datetime(2026, 3, 23, 6, tzinfo=UTC)
    told = list(tell_schedules(planned, datetime(2026, 3, 25, tzinfo=UTC)))
    assert told[-1].endswith("'0 7 * * 1', next on Monday 2026-03-30 07:00 CEST")
    assert told[3].endswith("  off")


def test_prefect_gets_what_the_table_says(plan: Plan) -> None:
    """Cron, zone, one run at a time and what becomes of a second, tags, parameters; for serve and for workers."""
    for flow, each in plan("[alerts]\n").items():
        for built in (to_serve(each), to_register(each, "pool", Path.cwd())):
            assert (built.flow_name, built.name, built.tags) == (flow, f"{flow}-acme", ["brandtrust", "acme"])
            (scheduled,) = built.schedules or []
            assert scheduled.schedule is not None
            assert (scheduled.schedule.cron, scheduled.schedule.timezone) == (each.cron, "UTC")  # type: ignore[union-attr]
            assert scheduled.active is each.active
            assert built.concurrency_limit == 1
            assert built.concurrency_options is not None
            assert built.concurrency_options.collision_strategy == each.collision
            assert built.parameters == each.parameters
        assert built.entrypoint == f"flows.{flow}_flow.{flow}_flow"
        assert built.job_variables["env"]["DO_NOT_TRACK"] == "1"


@pytest.mark.parametrize("flow", FLOWS)
def test_every_parameter_is_explained_in_prefects_form(flow: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A person who starts a run on Prefect's page reads what each field means."""
    monkeypatch.chdir(ROOT)
    schema = parameter_schema_from_entrypoint(f"flows/{flow}_flow.py:{flow}_flow")
    assert schema.required == ["brand_file"]
    assert [name for name, field in schema.properties.items() if not field.get("description")] == []


def test_the_committed_prefect_yaml_is_that_of_the_table(
    monkeypatch: pytest.MonkeyPatch, brandtrust: BrandTrust
) -> None:
    """It is what `deploy --yaml` prints for the example; whoever changes the table writes it anew."""
    monkeypatch.chdir(ROOT)
    committed = (ROOT / "prefect.yaml").read_text("utf-8")
    told = brandtrust("deploy", "brands/examples/zoom.toml", "--yaml")
    assert told.exit_code == 0, told.stderr
    assert told.stdout == committed


def test_prefect_reads_the_yaml_as_it_is_meant(plan: Plan) -> None:
    """Prefect's own model of the file takes it, key by key."""
    planned = plan(f"{TERMS}[alerts]\n")
    read = PrefectYamlModel.model_validate(yaml.safe_load(write_yaml(list(planned.values()))))
    assert [each.name for each in read.deployments] == [each.name for each in planned.values()]
    for found, each in zip(read.deployments, planned.values(), strict=True):
        assert (found.entrypoint, found.tags, found.parameters) == (each.entrypoint, list(each.tags), each.parameters)
        assert (ROOT / each.entrypoint.split(":")[0]).is_file()
        (schedule,) = found.schedules or []
        assert (schedule.cron, schedule.timezone, schedule.active) == (each.cron, each.timezone, each.active)  # type: ignore[union-attr]
        assert found.concurrency_limit is not None
        assert found.concurrency_limit.collision_strategy == each.collision  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("url", "told"),
    [(None, "set PREFECT_API_URL"), ("http://user:secret@127.0.0.1:9/api", "127.0.0.1:9/api does not answer")],
)
def test_deploy_needs_a_server_that_answers(
    url: str | None, told: str, acme: Path, workplace: Path, brandtrust: BrandTrust
) -> None:
    """Without one it says what to do, in one line that shows no password, and makes nothing."""
    with temporary_settings({PREFECT_API_URL: url}):
        refused = brandtrust("deploy", acme)
    assert refused.exit_code == 2
    assert refused.stderr.count("\n") == 1
    assert told in refused.stderr
    assert "secret" not in refused.stderr
    assert not list(workplace.glob("brandtrust*"))


@pytest.mark.parametrize("command", ["serve", "deploy", "check"])
@pytest.mark.parametrize(
    ("more", "told"),
    [
        ('[schedules]\ncollect = "0 0 30 2 *"\n', "it never fires"),
        ('[report]\ncron = "0 0 31 4 *"\n', "it never fires"),
        ("", 'no time zone "Mars/Base"'),
    ],
)
def test_a_schedule_that_cannot_be_kept_starts_nothing(
    command: str, more: str, told: str, workplace: Path, brandtrust: BrandTrust
) -> None:
    """Told before a server is started or asked: one line with the place, exit code 2, no store."""
    path = write_acme(workplace, more=more)
    if not more:
        path.write_text(path.read_text().replace('query = "acme"', 'query = "acme"\ntimezone = "Mars/Base"', 1))
    refused = brandtrust(command, "acme.toml")
    assert refused.exit_code == 2
    assert refused.stderr.count("\n") == 1
    assert refused.stderr.startswith("brandtrust: acme.toml:")
    assert told in refused.stderr
    assert not list(workplace.glob("brandtrust*"))


def test_check_shows_the_schedules(acme: Path, brandtrust: BrandTrust) -> None:
    """A person sees before anything runs what runs when."""
    told = brandtrust("check", acme).stdout
    assert "by UTC: collect 10 * * * *; analyse 40 5 * * *; comply 20 3 * * *; policy_watch off; alerts off;" in told
