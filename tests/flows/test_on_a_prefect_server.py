"""Deployments on a real Prefect server with a real worker: what a schedule starts, and what survives a kill."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from analytics.store import Store, first_row, read
from tests.flows.acme import TEXTS, live_source, write_acme
from tests.flows.prefect_at_work import PrefectAtWork, children, prefect_at_work, wait_for
from tests.servers.algolia import AlgoliaServer, Fault, story
from tests.servers.webhook import WebhookServer

pytestmark = [pytest.mark.long, pytest.mark.timeout(600)]

STORIES = 24
FIRST = datetime.now(UTC) - timedelta(days=STORIES + 2)  # a few weeks: each is a search


@pytest.fixture(scope="module")
def at_work(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[PrefectAtWork]:
    """One server for all of these tests; pytest keeps its blank database for the next session."""
    folder = tmp_path_factory.mktemp("prefect")
    blank = request.config.cache.mkdir("prefect-blank") if request.config.cache else folder / "blank"
    with prefect_at_work(folder / "home", blank) as server:
        yield server


def deploy(at_work: PrefectAtWork, folder: Path, pool: str, *options: str) -> str:
    """Register the brand in `folder`; what was told."""
    done = at_work.brandtrust("deploy", "acme.toml", "--pool", pool, *options, folder=folder)
    assert done.returncode == 0, done.stderr
    return done.stdout


def write_brand(folder: Path, slug: str, more: str) -> Path:
    path = write_acme(folder, more=more)
    path.write_text(path.read_text().replace('query = "acme"', f'slug = "{slug}"\nquery = "acme"', 1))
    return path


def stories(count: int) -> list[dict[str, Any]]:
    moments = [int((FIRST + timedelta(days=n)).timestamp()) for n in range(1, count + 1)]
    return [story(n, moment, f"Acme story {n}") for n, moment in enumerate(moments, start=1)]


def posts(folder: Path, slug: str) -> list[str]:
    """The ids of the live posts in the store."""
    found = read("brand_posts", slug, store=folder / "brandtrust.duckdb")
    return sorted(found.loc[found["source"] == "hackernews", "post_id"])


def saved(folder: Path) -> int:
    """How many live posts are in the store, published or not."""
    with Store(folder / "brandtrust.duckdb").writer() as connection:
        (count,) = first_row(connection, "SELECT count(*) FROM posts WHERE source = 'hackernews'") or (0,)
    return int(count)


def test_a_schedule_runs_to_its_artifacts(at_work: PrefectAtWork, tmp_path: Path) -> None:
    """Nobody starts it: the cron fires, a worker runs it, and its page has trend, answer, links, and no post's text."""
    write_brand(tmp_path, "due", '[report]\ncron = "* * * * *"\n[schedules]\ncollect = "off"\nanalyse = "off"\n')
    told = deploy(at_work, tmp_path, "due")
    assert "pool 'due': made" in told
    assert "weekly-due" in told

    def scheduled() -> Any:
        runs = at_work.ask(
            "flow_runs/filter",
            flow_runs={"tags": {"all_": ["due"]}, "state": {"type": {"any_": ["COMPLETED"]}}},
            sort="END_TIME_DESC",
        )
        return next((run for run in runs if run["auto_scheduled"]), None)

    with at_work.worker("due"):
        run = wait_for(scheduled, "a scheduled run")
    assert run["parameters"]["store"] == str(tmp_path / "brandtrust.duckdb")
    artifacts = at_work.ask("artifacts/filter", artifacts={"flow_run_id": {"any_": [run["id"]]}})
    by_key = {each["key"]: each for each in artifacts}
    assert set(by_key) == {"due-sources", "due-trend", "due-answer", "due-report-pdf", "due-report-page"}
    trend = json.loads(by_key["due-trend"]["data"])
    assert len(trend) == 13
    assert list(trend[0]) == ["week", "net trust", "low", "high", "authors", "posts", "collected"]
    (pdf,) = (tmp_path / "reports").glob("due-*.pdf")
    assert pdf.as_uri() in by_key["due-report-pdf"]["data"]
    assert pdf.with_suffix(".html").as_uri() in by_key["due-report-page"]["data"]
    assert "Too little to judge" in by_key["due-answer"]["data"]
    assert not [text for text in TEXTS if text in json.dumps(artifacts)]

    wanted = {"prefix": ["prefect.asset.materialization.succeeded"]}

    def lineage() -> Any:
        events = at_work.ask("events/filter", filter={"event": wanted}, limit=50)["events"]
        made = {
            event["resource"]["prefect.resource.id"]: {
                each["prefect.resource.id"] for each in event["related"] if each["prefect.resource.role"] == "asset"
            }
            for event in events
        }
        return len(made) == 5 and made

    asset = "brandtrust://due/{}".format
    assert wait_for(lineage, "the assets") == {
        asset("posts"): set(),
        asset("scores"): {asset("posts")},
        asset("trends"): {asset("scores")},
        asset("effects"): {asset("trends")},
        asset("report"): {asset("trends"), asset("effects")},
    }

    brand = tmp_path / "acme.toml"
    brand.write_text(brand.read_text().replace("[schedules]", '[schedules]\nreport = "off"'))
    told = deploy(at_work, tmp_path, "due")
    assert "made" not in told  # neither the pool nor an automation a second time
    (schedule,) = at_work.deployment("weekly/weekly-due")["schedules"]
    assert schedule["active"] is False
    names = [each["name"] for each in at_work.ask("automations/filter", sort="NAME_ASC", limit=50)]
    assert names == sorted({"brandtrust: a run failed", "brandtrust: a run is late", "brandtrust: a run was lost"})


SINCE = f"since = {FIRST.date()}\n"
QUIET = "[schedules]\n" + "".join(f'{key} = "off"\n' for key in ("collect", "analyse", "comply", "report"))


def test_a_killed_worker_loses_nothing(at_work: PrefectAtWork, tmp_path: Path) -> None:
    """Both are killed while a source is asked: the next run goes on from there, and each post is there once."""
    with AlgoliaServer(stories(STORIES)) as source:
        write_brand(tmp_path, "killed", live_source(source.url) + SINCE + QUIET)
        deploy(at_work, tmp_path, "killed")
        source.faults.extend([None] * 3 + [Fault("hang")])
        with at_work.worker("killed") as worker:
            first = at_work.start_run("collect/collect-killed")
            wait_for(lambda: len(source.log) >= 4, "the middle of the run")
            (run,) = children(worker.pid)
            assert 0 < wait_for(lambda: saved(tmp_path), "the first posts") < STORIES
            for process in (run, worker.pid):
                os.kill(process, signal.SIGKILL)
        assert at_work.run(first)["state_type"] == "RUNNING"  # nobody is left to say otherwise
        # What the automation for lost runs does when no heartbeat has come for three minutes.
        lost = {"type": "CRASHED", "name": "Crashed"}
        at_work.ask(f"flow_runs/{first}/set_state", state=lost, force=False)
        with at_work.worker("killed"):
            assert at_work.await_end(at_work.start_run("collect/collect-killed"))["state_name"] == "Completed"
    assert posts(tmp_path, "killed") == sorted(str(n) for n in range(1, STORIES + 1))


def test_a_killed_server_loses_nothing(at_work: PrefectAtWork, tmp_path: Path) -> None:
    """The server dies under a run and comes back: the run goes on or is made up for, and each post is there once."""
    with AlgoliaServer(stories(STORIES)) as source:
        write_brand(tmp_path, "orphaned", live_source(source.url) + SINCE + QUIET)
        deploy(at_work, tmp_path, "orphaned")
        source.faults.extend([None] * 3 + [Fault("hang")])
        with at_work.worker("orphaned"):
            first = at_work.start_run("collect/collect-orphaned")
            wait_for(lambda: len(source.log) >= 4, "the middle of the run")
            at_work.kill_server()
            at_work.start_server_again()
            source.released.set()
            assert at_work.await_end(first)["state_name"] == "Completed"
            assert at_work.await_end(at_work.start_run("collect/collect-orphaned"))["state_name"] == "Completed"
    assert posts(tmp_path, "orphaned") == sorted(str(n) for n in range(1, STORIES + 1))


def test_a_failed_run_is_told_by_the_block(at_work: PrefectAtWork, tmp_path: Path) -> None:
    """A source that fails fails no run, and is told all the same: by the notification block that deploy was given."""
    with WebhookServer() as webhook, AlgoliaServer() as source:
        source.faults.extend([Fault(status=403)] * 9)
        (kind,) = at_work.ask("block_types/filter", block_types={"slug": {"any_": ["custom-webhook"]}}, limit=1)
        (schema,) = at_work.ask(
            "block_schemas/filter", block_schemas={"block_type_id": {"any_": [kind["id"]]}}, limit=1
        )
        told = {"text": "{{subject}} {{body}}"}
        at_work.ask(
            "block_documents/",
            name="team",
            block_type_id=kind["id"],
            block_schema_id=schema["id"],
            data={"name": "team", "url": f"{webhook.address}/hook", "json_data": told},
        )
        write_brand(tmp_path, "told", live_source(source.url) + QUIET)
        deploy(at_work, tmp_path, "told", "--notify", "custom-webhook/team")
        with at_work.worker("told"):
            assert at_work.await_end(at_work.start_run("collect/collect-told"))["state_name"] == "SourceFailed"
            (message,) = wait_for(lambda: list(webhook.received), "the message")
    assert "collect-told: SourceFailed" in message["text"]
    assert "hackernews" in message["text"]


def test_what_cannot_be_used_is_told_and_nothing_registered(at_work: PrefectAtWork, tmp_path: Path) -> None:
    """No such block, a pool that runs elsewhere, a cron that never fires: one line, exit code 2, a server as it was."""
    write_brand(tmp_path, "refused", "")
    at_work.ask("work_pools/", name="elsewhere", type="kubernetes")
    never = write_brand(tmp_path, "refused", '[schedules]\ncollect = "0 0 30 2 *"\n').rename(tmp_path / "never.toml")
    write_brand(tmp_path, "refused", "")
    for arguments, told in (
        (("acme.toml", "--notify", "slack-webhook/nobody"), "no such block"),
        (("acme.toml", "--pool", "elsewhere"), "of type kubernetes"),
        (("acme.toml", "--pool", "a/b"), "--pool a/b"),
        ((never, "--pool", "refused"), "it never fires"),
    ):
        refused = at_work.brandtrust("deploy", *arguments, folder=tmp_path)
        assert refused.returncode == 2
        assert refused.stderr.count("\n") == 1
        assert told in refused.stderr
    names = {each["name"] for each in at_work.ask("deployments/filter", limit=200)}
    assert not [name for name in names if name.endswith("-refused")]
    assert not {"a/b", "refused"} & {each["name"] for each in at_work.ask("work_pools/filter", limit=200)}
    assert not list(tmp_path.glob("brandtrust*"))
