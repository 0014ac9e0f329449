"""X's compliance jobs, and the other service that holds their files and refuses whoever shows it a token."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from tests.servers.platform import Request, Response
from tests.servers.x_answers import invalid, plain, write_time


class Jobs:
    """Jobs that find what is `gone` (id → reason). A second job at once is a 409, which X does not document."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self.clock = clock
        self.gone: dict[str, str] = {}
        self.more_lines: list[str] = []  # added to each result as they are
        self.looks_needed = 2  # so often a job is looked at before it is complete
        self.jobs: dict[str, dict[str, Any]] = {}
        self.uploads: dict[str, str] = {}
        self._looks = 0

    def create(self, address: str, request: Request) -> dict[str, Any]:
        asked = json.loads(request.body or b"{}")
        if asked.get("type") not in ("tweets", "users"):
            raise invalid("type", str(asked.get("type")), "'type' must be one of tweets, users")
        if any(job["status"] in ("created", "in_progress") for job in self.jobs.values()):
            raise plain(409, "Conflict")
        number = str(1_382_081_613_278_814_209 + len(self.jobs))
        now = self.clock()
        self.jobs[number] = {
            "id": number,
            "type": asked["type"],
            "status": "created",
            "resumable": False,
            "created_at": write_time(now),
            "upload_url": f"{address}/storage/{number}/submission?X-Goog-Signature=uploadSignature",
            "upload_expires_at": write_time(now + timedelta(minutes=15)),
            "download_url": f"{address}/storage/{number}/results?X-Goog-Signature=downloadSignature",
            "download_expires_at": write_time(now + timedelta(days=7)),
        }
        self._looks = 0
        return {"data": dict(self.jobs[number])}

    def look_at(self, number: str) -> dict[str, Any]:
        if number not in self.jobs:
            raise plain(404, "Not Found")
        job = self.jobs[number]
        if job["status"] == "in_progress":
            self._looks += 1
            if self._looks >= self.looks_needed:
                job["status"] = "complete"
        return {"data": {name: value for name, value in job.items() if name != "upload_url"}}

    def store(self, request: Request) -> Response:
        """The service that holds the files: who shows it a token as well as a signature is refused."""
        _, _, number, what = request.path.split("/")
        job = self.jobs.get(number)
        if "Authorization" in request.headers:
            return Response(400, b"<Error><Code>InvalidArgument</Code></Error>", content_type="application/xml")
        if job is None or "X-Goog-Signature" not in request.params:
            return Response(403, b"<Error><Code>AccessDenied</Code></Error>", content_type="application/xml")
        if request.method == "PUT" and what == "submission":
            self.uploads[number] = request.body.decode()
            job["status"] = "in_progress"
            return Response(200, b"")
        if job["status"] != "complete":
            return Response(404, b"<Error><Code>NoSuchKey</Code></Error>", content_type="application/xml")
        lines = [self._loss(one) for one in self.uploads[number].split() if one in self.gone]
        text = "\n".join([*lines, *self.more_lines]) + "\n"
        return Response(200, text.encode(), content_type="text/plain")

    def _loss(self, number: str) -> str:
        loss = {"id": number, "action": "delete", "created_at": "2023-08-02T00:00:00.000Z", "reason": self.gone[number]}
        return json.dumps(loss)
