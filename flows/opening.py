"""Opening a source with the secrets that it needs."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from connectors.batch import AuthorKey, Connector
from connectors.registry import needed_credentials, open_source
from flows.credentials import find_credentials

if TYPE_CHECKING:
    from brands.brand_file import Source


def open_connector(source: Source, author_key: AuthorKey, collected_at: datetime, **options: object) -> Connector:
    """The connector of `source`, not connected yet.

    Raises BadInput for settings that cannot be used, AuthError where a secret is missing, UsageError for secrets that
    others can read.
    """
    try:
        needs = needed_credentials(source.connector)
    except (KeyError, ImportError):
        needs = ()  # open_source tells it better
    return open_source(
        source, author_key=author_key, collected_at=collected_at, credentials=find_credentials(needs), **options
    )
