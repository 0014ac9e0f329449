"""A local X API v2 over real HTTP on loopback: search, counts and compliance jobs of the two products.

Modelled on X's documentation and on recorded answers of the real one: bearer tokens, problem+json, no `data` where
there is nothing, newest first, page tokens, the bounds of times, pages and queries, `x-rate-limit-*` on every answer,
edits that share a history, withheld posts, errors beside data.
"""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.servers.platform import Fault, PlatformServer, Request, Response
from tests.servers.x_answers import (
    PROBLEMS,
    Refused,
    invalid,
    not_found,
    parse_time,
    plain,
    post,
    read_time,
    write_time,
)
from tests.servers.x_jobs import Jobs
from tests.servers.x_query import QueryRefused, compile_query

__all__ = ["TOKEN", "Fault", "XServer", "post"]

TOKEN = "AAAAAAAAAAAAAAAAAAAAAxLocalBearer%3DsoMeThInGsEcReT"
LIMITS = {
    "/2/tweets/search/recent": 450,
    "/2/tweets/search/all": 300,
    "/2/tweets/counts/recent": 300,
    "/2/tweets/counts/all": 300,
    "/2/compliance/jobs": 150,
}
WINDOW = timedelta(minutes=15)
DEFAULT_FIELDS = ("id", "text", "edit_history_tweet_ids")
STEPS = {"minute": timedelta(minutes=1), "hour": timedelta(hours=1), "day": timedelta(days=1)}


class XServer(PlatformServer):
    """`with XServer(posts, clock=clock) as server:` — `server.address` is the address; `clock` says what time it is.

    `page`: at most so many posts on a page, whatever is asked for. `archive`: whether the app may search it.
    `paced`: two requests to the archive within a second are refused, as by the real one.
    """

    def __init__(
        self,
        posts: Iterable[dict[str, Any]] = (),
        *,
        clock: Callable[[], datetime],
        page: int = 500,
        archive: bool = True,
        paced: bool = False,
    ) -> None:
        super().__init__()
        self.clock = clock
        self.page = page
        self.archive = archive
        self.paced = paced
        self.limits = dict(LIMITS)
        self.posts: list[dict[str, Any]] = []
        self.jobs = Jobs(clock)
        self._used: dict[str, tuple[datetime, int]] = {}
        self._last: dict[str, datetime] = {}
        self._tokens: dict[str, tuple[str, str]] = {}
        self._found: tuple[str, list[dict[str, Any]]] = ("", [])
        self.add(*posts)

    def add(self, *posts: dict[str, Any]) -> None:
        """Publish posts; one with a history takes the place of the version before it."""
        numbers = {number for one in posts for number in one["edit_history_tweet_ids"]}
        kept = [one for one in self.posts if one["id"] not in numbers]
        self.posts = sorted([*kept, *posts], key=lambda one: (one["created_at"], int(one["id"])))
        self._times = [one["created_at"] for one in self.posts]
        self._found = ("", [])

    def remove(self, number: str, reason: str = "deleted") -> None:
        """Delete a post."""
        self.posts = [one for one in self.posts if one["id"] != number]
        self.jobs.gone[number] = reason
        self.add()

    @property
    def searches(self) -> list[Request]:
        """The requests for posts."""
        return [request for request in self.log if "/search/" in request.path]

    def rate_limit_headers(self) -> dict[str, str]:
        """Nothing is left for half a minute."""
        return self._rate_headers("450", 0, self.clock() + timedelta(seconds=30))

    def respond(self, request: Request) -> Response:
        """What X, or the service that holds its files, answers."""
        if request.path.startswith("/storage/"):
            return self.jobs.store(request)
        headers: dict[str, str] = {}
        try:
            if request.headers.get("Authorization") != f"Bearer {TOKEN}":
                raise plain(401, "Unauthorized")
            headers, allowed = self._count_request(request.path)
            if not allowed:
                raise plain(429, "Too Many Requests")
            body = self._route(request)
        except Refused as refused:
            kind = "application/problem+json" if refused.status != 400 else "application/json"
            return Response(refused.status, refused.body, headers, content_type=kind)
        return Response(200, body, headers)

    def _route(self, request: Request) -> dict[str, Any]:
        what = request.path.removeprefix("/2/")
        if what == "compliance/jobs" and request.method == "POST":
            return self.jobs.create(self.address, request)
        if what.startswith("compliance/jobs/"):
            return self.jobs.look_at(what.rpartition("/")[2])
        if what.endswith("/all") and not self.archive:
            raise Refused(
                403,
                {
                    "client_id": "1234",
                    "detail": "Use the keys and tokens of an App that is attached to a Project.",
                    "title": "Client Forbidden",
                    "required_enrollment": "Appropriate Level of API Access",
                    "reason": "client-not-enrolled",
                    "type": f"{PROBLEMS}/client-forbidden",
                },
            )
        if what in ("tweets/search/recent", "tweets/search/all"):
            return self._search(request.params, archive=what.endswith("all"))
        if what in ("tweets/counts/recent", "tweets/counts/all"):
            return self._counts(request.params, archive=what.endswith("all"))
        raise plain(404, "Not Found")

    # Limits --------------------------------------------------------------------------------------------------------

    def _rate_headers(self, limit: str, remaining: int, reset: datetime) -> dict[str, str]:
        return {
            "x-rate-limit-limit": limit,
            "x-rate-limit-remaining": str(remaining),
            "x-rate-limit-reset": str(int(reset.replace(tzinfo=UTC).timestamp())),
        }

    def _count_request(self, path: str) -> tuple[dict[str, str], bool]:
        endpoint = next((name for name in self.limits if path.startswith(name)), "")
        if not endpoint:
            return {}, True
        now, limit = self.clock(), self.limits[endpoint]
        reset, used = self._used.get(endpoint, (now + WINDOW, 0))
        if now >= reset:
            reset, used = now + WINDOW, 0
        hurried = (
            self.paced and path.endswith("/all") and now - self._last.get(path, datetime.min) < timedelta(seconds=1)
        )
        if used >= limit or hurried:
            return self._rate_headers(str(limit), limit - used, reset), False
        self._last[path] = now
        self._used[endpoint] = (reset, used + 1)
        return self._rate_headers(str(limit), limit - used - 1, reset), True

    # Search --------------------------------------------------------------------------------------------------------

    def _search(self, params: dict[str, str], *, archive: bool) -> dict[str, Any]:
        most = int(params.get("max_results", 10))
        highest = 500 if archive else 100
        if not 10 <= most <= highest:
            message = f"The `max_results` query parameter value [{most}] is not between 10 and {highest}"
            raise invalid("max_results", str(most), message)
        found = self._find(params, archive=archive)
        key = json.dumps({name: params.get(name) for name in ("query", "start_time", "end_time")})
        place = len(found)
        if token := params.get("next_token"):
            if token not in self._tokens or self._tokens[token][0] != key:
                raise invalid("next_token", token, "The 'next_token' provided is not valid")
            last = self._tokens[token][1]
            place = next((at for at, one in enumerate(found) if one["id"] == last), len(found))
        first = max(place - min(most, self.page), 0)
        page = found[first:place][::-1]
        body: dict[str, Any] = {"meta": {"result_count": len(page)}}
        if page:
            fields = [*DEFAULT_FIELDS, *params.get("tweet.fields", "").split(",")]
            body = {"data": [{name: one[name] for name in fields if name in one} for one in page], **body}
            body["meta"] |= {"newest_id": page[0]["id"], "oldest_id": page[-1]["id"]}
        if first > 0:
            token = f"b26v89c19zqg8o3f{len(self._tokens):x}"
            self._tokens[token] = (key, page[-1]["id"])
            body["meta"]["next_token"] = token
        if "referenced_tweets.id" in params.get("expansions", ""):
            self._include(body, page)
        return body

    def _include(self, body: dict[str, Any], page: list[dict[str, Any]]) -> None:
        """Posts that are referred to stand beside the data, and errors for those that are gone."""
        known = {one["id"]: one for one in self.posts}
        wanted = [one["id"] for each in page for one in each.get("referenced_tweets", [])]
        body["includes"] = {"tweets": [known[number] for number in wanted if number in known]}
        missing = [number for number in wanted if number not in known]
        if missing:
            body["errors"] = [not_found(number) for number in missing]

    def _find(self, params: dict[str, str], *, archive: bool) -> list[dict[str, Any]]:
        """Posts of the time that was asked for, oldest first."""
        query = params.get("query", "")
        longest = 1024 if archive else 512
        if not 1 <= len(query) <= longest:
            message = f"'query' must be a non-empty string of at most {longest} characters: it has {len(query)}"
            raise invalid("query", query[:40], message)
        try:
            matches = compile_query(query)
        except QueryRefused as error:
            raise invalid("query", query, str(error)) from None
        start, end = self._span(params, archive=archive)
        key = f"{query}|{start}|{end}"
        if self._found[0] != key:
            first, last = (bisect_left(self._times, write_time(moment)) for moment in (start, end))
            self._found = (key, [one for one in self.posts[first:last] if matches(one)])
        return self._found[1]

    def _span(self, params: dict[str, str], *, archive: bool) -> tuple[datetime, datetime]:
        now = self.clock()
        latest = now - timedelta(seconds=10)
        earliest = datetime(2006, 3, 26, 0, 0, 1) if archive else now - timedelta(days=7)
        start = read_time(params, "start_time") or (now - timedelta(days=30) if archive else earliest)
        end = read_time(params, "end_time") or now - timedelta(seconds=30)
        if start < earliest:
            message = f"'start_time' must be on or after {write_time(earliest)}"
            raise invalid("start_time", write_time(start), message)
        if end > latest:
            message = "'end_time' must be a minimum of 10 seconds prior to the request time."
            raise invalid("end_time", write_time(end), message)
        if start >= end:
            raise invalid("start_time", write_time(start), "'start_time' must be before 'end_time'")
        return start, end

    # Counts --------------------------------------------------------------------------------------------------------

    def _counts(self, params: dict[str, str], *, archive: bool) -> dict[str, Any]:
        step = STEPS.get(params.get("granularity", "hour"))
        if step is None:
            raise invalid("granularity", params["granularity"], "'granularity' must be one of minute, hour, day")
        found = self._find(params, archive=archive)
        start, end = self._span(params, archive=archive)
        until = self._tokens_end(params) or end
        first = max(start, until - timedelta(days=31)) if archive else start
        times = [one["created_at"] for one in found]
        data = []
        moment = first
        while moment < until:
            after = min(until, floor(moment, step) + step)
            count = bisect_left(times, write_time(after)) - bisect_left(times, write_time(moment))
            data.append({"end": write_time(after), "start": write_time(moment), "tweet_count": count})
            moment = after
        meta: dict[str, Any] = {"total_tweet_count": sum(row["tweet_count"] for row in data)}
        if first > start:
            meta["next_token"] = f"1jzu9lk96gu5npw{len(self._tokens):x}"
            self._tokens[meta["next_token"]] = ("counts", write_time(first))
        return {"data": data, "meta": meta}

    def _tokens_end(self, params: dict[str, str]) -> datetime | None:
        token = params.get("next_token")
        if token is None:
            return None
        if self._tokens.get(token, ("", ""))[0] != "counts":
            raise invalid("next_token", token, "The 'next_token' provided is not valid")
        return parse_time(self._tokens[token][1])


def floor(moment: datetime, step: timedelta) -> datetime:
    return moment - (moment - datetime(2000, 1, 1)) % step
