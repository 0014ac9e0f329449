"""Which stored posts are gone: asked at the servers where they were written, and nowhere else.

An error, a closed door or silence is never read as a deletion: such posts are left out of what was checked.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Container, Iterator, Mapping, Sequence

from connectors.batch import Recheck
from connectors.errors import ConnectorError
from connectors.mastodon_client import Instance
from connectors.mastodon_items import UNNAMED

LISTED = 20  # statuses that are asked for in one request
PUBLIC_HOST = re.compile(r"(?:[a-z0-9-]+\.)+[a-z]{2,}")
log = logging.getLogger(__name__)


def recheck_at_home(
    post_ids: Sequence[str], known: Container[str], connect: Callable[[str], Instance]
) -> Iterator[Recheck]:
    """What became of `post_ids`, server by server. Only servers that are `known` or have a public name are asked."""
    by_host: dict[str, list[str]] = {}
    for post_id in post_ids:
        host = post_id.partition("/")[0]
        if not post_id.startswith(UNNAMED) and (host in known or PUBLIC_HOST.fullmatch(host)):
            by_host.setdefault(host, []).append(post_id)
    for host, here in by_host.items():
        try:
            yield from _recheck(connect(host), here)
        except ConnectorError as problem:
            log.warning("not all posts there could be checked: %s", problem)


def _recheck(instance: Instance, post_ids: Sequence[str]) -> Iterator[Recheck]:
    numbers = {post_id.partition("/")[2]: post_id for post_id in post_ids if post_id.count("/") == 1}
    for first in range(0, len(numbers), LISTED):
        asked = list(numbers)[first : first + LISTED]
        there = instance.list_statuses(asked)
        # What a list leaves out is asked for by itself: not every server reads the question in the same way.
        shown = {number: True if number in there else instance.has_status(number) for number in asked}
        yield _answer({numbers[number]: answer for number, answer in shown.items()})
    for post_id in post_ids:
        if post_id.count("/") > 1:
            yield _answer({post_id: instance.has_object(post_id.partition("/")[2])})


def _answer(shown: Mapping[str, bool | None]) -> Recheck:
    checked = [post_id for post_id, answer in shown.items() if answer is not None]
    return Recheck(checked, {post_id: "deleted" for post_id in checked if not shown[post_id]})
