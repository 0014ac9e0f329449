"""A local page-view service that answers as Wikimedia's does, over real HTTP on loopback.

Modelled on its public documentation: `per-article/{project}/{access}/{agent}/{article}/{daily|monthly}/{start}/{end}`,
both ends inclusive as YYYYMMDD00, days without a view left out, 404 with a problem document where nothing is there,
400 for dates that are none, 403 for a client that does not say who it is.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from urllib.parse import unquote

from tests.servers.platform import Fault, PlatformServer, Request, Response

__all__ = ["Fault", "WikimediaServer"]

PATH = re.compile(
    r"/metrics/pageviews/per-article/([^/]+)/(all-access|desktop|mobile-app|mobile-web)/(all-agents|user|spider)"
    r"/([^/]+)/(daily|monthly)/(\d{8})(?:00)?/(\d{8})(?:00)?"
)
NOTHING = (
    "The date(s) you used are valid, but we either do not have data for those date(s), or the project you asked for is "
    "not loaded yet. Please check documentation for more information."
)


class WikimediaServer(PlatformServer):
    """`with WikimediaServer({"Zoom_(software)": {day: views}}) as server:` — views by people of one project."""

    def __init__(self, views: Mapping[str, Mapping[date, int]], project: str = "en.wikipedia") -> None:
        super().__init__()
        self.views = {article: dict(days) for article, days in views.items()}
        self.project = project
        self.needs_contact = False

    @property
    def url(self) -> str:
        return f"{self.address}/metrics/pageviews"

    def respond(self, request: Request) -> Response:
        """The items of the span, or a problem."""
        agent = request.headers.get("User-Agent", "")
        if not agent or agent.startswith("python") or (self.needs_contact and "@" not in agent):
            return Response(403, b"Please respect our robot policy", content_type="text/plain")
        found = PATH.fullmatch(request.path)
        if found is None:
            return _problem(404, "No such route", request)
        project, access, agent_kind, article, grain, first, last = found.groups()
        try:
            start, end = (datetime.strptime(text, "%Y%m%d").date() for text in (first, last))
        except ValueError:
            return _problem(400, "start timestamp is invalid, must be a valid date in YYYYMMDD format", request)
        if start > end:
            return _problem(400, "start timestamp should be before the end timestamp", request)
        days = self.views.get(unquote(article), {}) if project.removesuffix(".org") == self.project else {}
        counted: Counter[str] = Counter()
        for day, views in days.items():
            if start <= day <= end and views:
                counted[f"{day:%Y%m}0100" if grain == "monthly" else f"{day:%Y%m%d}00"] += views
        if not counted:
            return _problem(404, NOTHING, request)
        common = {"project": self.project, "article": unquote(article), "granularity": grain}
        items = [
            {**common, "timestamp": at, "access": access, "agent": agent_kind, "views": views}
            for at, views in sorted(counted.items())
        ]
        return Response(body={"items": items})


def _problem(status: int, detail: str, request: Request) -> Response:
    title = {400: "Bad Request", 404: "Not Found"}[status]
    body = {"status": status, "type": "about:blank", "title": title, "method": "get", "detail": detail}
    return Response(status, {**body, "uri": request.path}, content_type="application/problem+json")


def every_day(start: date, count: int, views: int = 100) -> dict[date, int]:
    """`count` days with the same views."""
    return {start + timedelta(days=number): views for number in range(count)}
