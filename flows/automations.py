"""What a Prefect server does by itself about runs of ours: tells of those that failed or are late, ends lost ones."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from flows.deployments import TAG
from flows.errors import UsageError
from flows.settings import HEARTBEAT_SECONDS

if TYPE_CHECKING:
    from prefect.automations import Automation
    from prefect.client.orchestration import SyncPrefectClient
    from prefect.events.actions import ActionTypes

FAILED = "brandtrust: a run failed"
LATE = "brandtrust: a run is late"
LOST = "brandtrust: a run was lost"
ENDS = ("Completed", "SourceFailed", "Failed", "Crashed", "Cancelled")
"""The states that end a run; SourceFailed is ours, see `flows.as_tasks.finished`."""
LOST_AFTER = timedelta(seconds=6 * HEARTBEAT_SECONDS)  # a server that was away for a moment has heard none
LATE_AFTER = timedelta(minutes=30)  # runs wait for each other, and Prefect calls late what waits for seconds
SUBJECT = "brandtrust: {{ flow_run.name }} of {{ deployment.name }}: {{ flow_run.state.name }}"
BODY = "{{ flow_run.state.message }}\n{{ flow_run|ui_url }}"


def keep_automations(block: UUID | None = None) -> list[str]:
    """Make those that are not there yet; a line about each that was made or changed.

    What a person has changed in one that is there stays, unless a notification `block` is given, which then tells.
    """
    from prefect.client.orchestration import get_client

    with get_client(sync_client=True) as client:
        kept = [_keep(client, each, replace=block is not None) for each in plan_automations(block)]
    return [line for line in kept if line]


def find_block(notify: str) -> UUID:
    """The notification block of the server that is called type/name. Raises UsageError where there is none."""
    from prefect.client.orchestration import get_client
    from prefect.exceptions import ObjectNotFound

    kind, _, name = notify.partition("/")
    try:
        with get_client(sync_client=True) as client:
            return client.read_block_document_by_name(name, kind).id
    except ObjectNotFound:
        raise UsageError(
            f"--notify {notify}: the server has no such block; make one on its page under Blocks, and give its type "
            "and name, such as slack-webhook/team"
        ) from None


def plan_automations(block: UUID | None = None) -> list[Automation]:
    """The automations; without a notification `block` failed and late runs only stand in the event feed."""
    from prefect.automations import (
        Automation,
        ChangeFlowRunState,
        DoNothing,
        EventTrigger,
        Posture,
        SendNotification,
    )
    from prefect.client.schemas.objects import StateType

    ours: dict[str, str | list[str]] = {"prefect.resource.id": f"prefect.tag.{TAG}", "prefect.resource.role": "tag"}
    every_run: dict[str, str | list[str]] = {"prefect.resource.id": "prefect.flow-run.*"}
    ended = {f"prefect.flow-run.{state}" for state in ENDS}
    tell: ActionTypes = (
        DoNothing() if block is None else SendNotification(block_document_id=block, subject=SUBJECT, body=BODY)
    )

    failed = Automation(
        name=FAILED,
        description="A run that failed, crashed, or came through with a source that failed.",
        trigger=EventTrigger(
            match=every_run,
            match_related=ours,
            expect={f"prefect.flow-run.{state}" for state in ENDS if state not in ("Completed", "Cancelled")},
            for_each={"prefect.resource.id"},
            posture=Posture.Reactive,
            threshold=1,
        ),
        actions=[tell],
    )
    late = Automation(
        name=LATE,
        description="A run that should have begun half an hour ago: is a worker running?",
        trigger=EventTrigger(
            match=every_run,
            match_related=ours,
            after={"prefect.flow-run.Late"},
            expect={"prefect.flow-run.Running", *ended},
            for_each={"prefect.resource.id"},
            posture=Posture.Proactive,
            threshold=1,
            within=LATE_AFTER,
        ),
        actions=[tell],
    )
    heard = "prefect.flow-run.heartbeat"
    lost = Automation(
        name=LOST,
        description="A run whose process was killed would hold its place for ever: it is given up as crashed.",
        trigger=EventTrigger(
            match=every_run,
            match_related=ours,
            after={heard},
            expect={heard, *ended},
            for_each={"prefect.resource.id"},
            posture=Posture.Proactive,
            threshold=1,
            within=LOST_AFTER,
        ),
        actions=[
            ChangeFlowRunState(
                name="Crashed",
                state=StateType.CRASHED,
                message="its process is gone; what it saved stays, and the next run goes on",
                force=False,
            )
        ],
    )
    return [failed, late, lost]


def _keep(client: SyncPrefectClient, wanted: Automation, *, replace: bool) -> str:
    there = client.read_automations_by_name(wanted.name)
    if not there:
        wanted.create(_sync=True)  # type: ignore[call-arg]
        return f"automation {wanted.name!r}: made"
    if replace and wanted.name != LOST:
        client.update_automation(there[0].id, wanted)
        return f"automation {wanted.name!r}: tells by the block"
    return ""
