"""One case for each connector; a new connector adds its own file and its name here."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

from connectors.batch import AuthorKey
from tests.connectors.cases.app_store import app_store_case
from tests.connectors.cases.archive import archive_case
from tests.connectors.cases.bluesky import bluesky_case
from tests.connectors.cases.feeds import feeds_case
from tests.connectors.cases.hackernews import hackernews_case
from tests.connectors.cases.mastodon import mastodon_case
from tests.connectors.cases.reddit import reddit_case
from tests.connectors.cases.x import x_case
from tests.connectors.suite import Case

OpenCase = Callable[[Path, AuthorKey], AbstractContextManager[Case]]

CASES: list[OpenCase] = [
    app_store_case,
    archive_case,
    bluesky_case,
    feeds_case,
    hackernews_case,
    mastodon_case,
    reddit_case,
    x_case,
]
