"""Which posts are gone, by X's batch compliance jobs: ids go up as a file, a job looks at them, the losses come down.

Nothing is paid for, and nothing is read but what must be deleted. The files lie with a storage service under addresses
that are secrets themselves: its own session asks for them, which knows no token.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

import requests

from connectors.errors import BadPayload, ConnectorError, Unavailable
from connectors.x_client import Answer, XClient

FIRST_LOOK = 10.0  # seconds until the job is looked at, each time twice as long
LONGEST_LOOK = 300.0
LONGEST_JOB = timedelta(hours=1)
REASONS = frozenset({"bounced", "deactivated", "deleted", "protected", "suspended"})
STAYS = "scrub_geo"  # only the place is to be forgotten, which is never stored


class ComplianceJobs:
    """Asks X for the losses among posts, one job after the other, as X allows only one."""

    def __init__(self, client: XClient, clock: Callable[[], datetime], sleep: Callable[[float], None]) -> None:
        self.client = client
        self.source = client.source
        self.clock = clock
        self.sleep = sleep

    def find_losses(self, post_ids: Sequence[str]) -> dict[str, str | None]:
        """The ids of which X says something: the reason why a post is gone, None where that cannot be told."""
        job = self._data(self.client.create_job())
        self._send("PUT", job.get("upload_url"), "\n".join(post_ids).encode())
        job = self._wait_for(str(job.get("id")))
        losses = self._send("GET", job.get("download_url"))
        known = set(post_ids)
        return {number: reason for number, reason in map(self._read, losses.splitlines()) if number in known}

    def _wait_for(self, number: str) -> Answer:
        until, seconds = self.clock() + LONGEST_JOB, FIRST_LOOK
        while self.clock() < until:
            self.sleep(seconds)
            job = self._data(self.client.get_job(number))
            if job.get("status") == "complete":
                return job
            if job.get("status") not in ("created", "in_progress"):
                raise Unavailable(self.source, "compliance job", "X gave it up")
            seconds = min(2 * seconds, LONGEST_LOOK)
        minutes = LONGEST_JOB.total_seconds() / 60
        raise Unavailable(self.source, "compliance job", f"not done after {minutes:.0f} minutes")

    def _read(self, line: str) -> tuple[str, str | None]:
        try:
            loss = json.loads(line) if line.strip() else {"id": ""}
        except (ValueError, RecursionError):
            loss = None
        if not isinstance(loss, dict) or not isinstance(loss.get("id"), str):
            raise BadPayload(self.source, "compliance job", "a line of the result cannot be read; nothing is deleted")
        reason, action = loss.get("reason"), loss.get("action")
        if STAYS in (reason, action):
            return "", None
        gone = action == "delete" and (reason in REASONS or reason is None)
        return loss["id"], str(reason or "deleted") if gone else None

    def _send(self, method: str, address: Any, body: bytes | None = None) -> str:
        """The answer's text. `address` is itself a secret, so that no error names more than its path."""
        problem: ConnectorError
        try:
            response = self.client.storage.request(
                method, address, data=body, headers={"Content-Type": "text/plain"} if body is not None else {}
            )
        except (requests.RequestException, ValueError, AttributeError, TypeError):
            problem = BadPayload(self.source, "compliance job", "X names no address for its file")
        else:
            if response.status_code in (200, 201, 204):
                return response.content.decode(errors="replace")
            problem = Unavailable(self.source, "compliance job", f"HTTP {response.status_code} for its file")
        raise problem

    def _data(self, answer: Answer) -> Answer:
        data = answer.get("data")
        if not isinstance(data, dict):
            raise BadPayload(self.source, "compliance job", "the answer holds no job")
        return data
