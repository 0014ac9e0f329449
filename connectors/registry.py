"""Which connectors there are. A new source is its own file, one line here, a local server and a test."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from importlib import import_module
from typing import TYPE_CHECKING, cast

from brands.brand_file import Source
from connectors.batch import AuthorKey, Connector
from connectors.credentials import NO_CREDENTIALS, Credential, Credentials, tell_how_to_get
from connectors.errors import AuthError, BadInput

if TYPE_CHECKING:
    from brands.query import Query

# A connector is imported when it is used: a library that one of them needs must not be missed by the others.
CONNECTORS = {
    "app_store": "connectors.app_store:AppStore",
    "archive": "connectors.archive:Archive",
    "bluesky": "connectors.bluesky:Bluesky",
    "feeds": "connectors.feeds:Feeds",
    "hackernews": "connectors.hackernews:HackerNews",
    "mastodon": "connectors.mastodon:Mastodon",
    "reddit": "connectors.reddit:Reddit",
    "x": "connectors.x:X",
}


def names() -> list[str]:
    """The connectors that a brand file may name, in alphabetical order."""
    return sorted(CONNECTORS)


def translations(source: Source, query: Query) -> list[str]:
    """What the connector of `source` asks its platform for `query`; nothing where it asks for all there is.

    Raises BadInput where the platform cannot be asked for it.
    """
    translate = getattr(_load(source.connector), "translate", None)
    return list(translate(query, source)) if translate else []


def needed_credentials(connector: str) -> tuple[Credential, ...]:
    """What the connector needs to log in; nothing for one that needs no account."""
    return tuple(getattr(_load(connector), "needs", ()))


def is_paid(connector: str) -> bool:
    """Whether its posts cost money: it then tells an estimate beforehand and keeps to a budget."""
    return hasattr(_load(connector), "estimate")


def open_source(
    source: Source,
    *,
    author_key: AuthorKey,
    collected_at: datetime,
    credentials: Mapping[str, str] = NO_CREDENTIALS,
    **options: object,
) -> Connector:
    """The connector of `source`; `options` (such as clock and sleep) go to the connector as they are.

    Raises BadInput where there is no such connector, its library is missing or its settings cannot be used, AuthError
    where a credential is missing.
    """
    where = f'[[sources]] "{source.name}"'
    if source.connector not in CONNECTORS:
        known = ", ".join(names())
        raise BadInput(source.name, where, f'there is no connector "{source.connector}"; there are {known}: choose one')
    try:
        connector = _load(source.connector)
    except ImportError as error:
        raise BadInput(source.name, where, f"connector {source.connector} needs {error.name}: install it") from error
    needs: Sequence[Credential] = getattr(connector, "needs", ())
    if not needs:
        return connector(source, author_key, collected_at, **options)
    missing = [need for need in needs if need.required and not credentials.get(need.name)]
    if missing:
        names_missing = " and ".join(need.name for need in missing)
        told = f"needs {names_missing}: {tell_how_to_get(missing)}"
        raise AuthError(source.name, "environment or .env", told)
    mine = Credentials({need.name: credentials[need.name] for need in needs if credentials.get(need.name)})
    return connector(source, author_key, collected_at, credentials=mine, **options)


def _load(connector: str) -> Callable[..., Connector]:
    module, _, name = CONNECTORS[connector].partition(":")
    return cast(Callable[..., Connector], getattr(import_module(module), name))
