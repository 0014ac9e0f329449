"""What X's answers are made of: posts, times, and the bodies of its refusals."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

PROBLEMS = "https://api.twitter.com/2/problems"


def post(number: int, created: datetime, text: str, **more: Any) -> dict[str, Any]:
    """A post as X holds it; `created` in UTC without a zone."""
    return {
        "id": str(number),
        "text": text,
        "edit_history_tweet_ids": [str(number)],
        "author_id": f"77120{number:07}",
        "created_at": write_time(created),
        "conversation_id": str(number),
        "lang": "en",
        "public_metrics": {
            "retweet_count": 0, "reply_count": 0, "like_count": 0, "quote_count": 0, "bookmark_count": 0,
            "impression_count": 9,
        },
        "possibly_sensitive": False,
        "reply_settings": "everyone",
        **more,
    }  # fmt: skip


def write_time(moment: datetime) -> str:
    """As X writes times."""
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03}Z"


class Refused(Exception):
    """What X answers instead."""

    def __init__(self, status: int, body: dict[str, Any]) -> None:
        super().__init__(status)
        self.status = status
        self.body = body


def invalid(parameter: str, value: str, message: str) -> Refused:
    body = {
        "errors": [{"parameters": {parameter: [value]}, "message": message}],
        "title": "Invalid Request",
        "detail": "One or more parameters to your request was invalid.",
        "type": f"{PROBLEMS}/invalid-request",
    }
    return Refused(400, body)


def plain(status: int, title: str) -> Refused:
    return Refused(status, {"title": title, "type": "about:blank", "status": status, "detail": title})


def not_found(number: str) -> dict[str, str]:
    """The error that stands beside the data for a post that is gone."""
    return {
        "value": number,
        "detail": f"Could not find tweet with referenced_tweets.id: [{number}].",
        "title": "Not Found Error",
        "resource_type": "tweet",
        "parameter": "referenced_tweets.id",
        "resource_id": number,
        "type": f"{PROBLEMS}/resource-not-found",
    }


def parse_time(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC).replace(tzinfo=None)


def read_time(params: dict[str, str], name: str) -> datetime | None:
    if name not in params:
        return None
    try:
        return parse_time(params[name])
    except ValueError:
        raise invalid(name, params[name], f"The `{name}` query parameter value is not a time of RFC 3339") from None
