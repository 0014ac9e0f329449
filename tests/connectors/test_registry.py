"""The registry opens what a brand file names."""

from __future__ import annotations

import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest

from brands.brand_file import Columns, Source
from brands.query import parse
from connectors import registry
from connectors.errors import BadInput

NOW = datetime(2023, 9, 1)


def test_the_names_are_listed() -> None:
    """Names come in order, and every one of them can be imported."""
    assert registry.names() == sorted(registry.CONNECTORS)
    columns = Columns(created_at="at", text="text")
    for name in registry.names():
        source = Source(
            connector=name, name="somewhere", path=Path("posts.csv"), columns=columns, instances=("a.example",)
        )
        given = {need.name: "given" for need in registry.needed_credentials(name)}
        assert registry.open_source(source, author_key=str, collected_at=NOW, credentials=given).source == "somewhere"


def test_an_unknown_connector_is_told_with_the_known_ones() -> None:
    """The error names the source, what is wrong and what there is."""
    source = Source(connector="myspace", name="old")
    with pytest.raises(BadInput, match=r'no connector "myspace"; there are app_store, archive'):
        registry.open_source(source, author_key=str, collected_at=NOW)


def test_a_missing_library_spoils_its_own_connector_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """A connector is imported when it is used, and a library that is not there is named."""
    monkeypatch.setitem(registry.CONNECTORS, "exotic", "connectors.not_there:Exotic")
    with pytest.raises(BadInput, match=r"needs connectors\.not_there"):
        registry.open_source(Source(connector="exotic", name="x"), author_key=str, collected_at=NOW)


def test_naming_connectors_imports_none() -> None:
    """The command line lists connectors without paying for their libraries."""
    code = "import sys, connectors.registry as r; r.names(); print({'httpx', 'pandas'} & set(sys.modules))"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "set()"


@pytest.mark.parametrize("name", sorted(registry.CONNECTORS))
def test_every_connector_says_what_it_asks_for(name: str) -> None:
    """A list of searches, empty where all there is is asked for."""
    source = Source(connector=name, name="somewhere", instances=("a.example",))
    searches = registry.translations(source, parse('(zoom NEAR/5 terms) OR "zoom video" OR @zoom_us OR #zoom'))
    assert all(isinstance(search, str) for search in searches)
    assert bool(searches) == (name not in ("archive", "feeds", "app_store"))


def test_translations_are_shown() -> None:
    """What is asked of a platform can be printed before it is asked; an archive is read in full."""
    query = parse('zoom OR "zoom video"')
    assert registry.translations(Source(connector="hackernews", name="news"), query) == ['"zoom"']
    assert registry.translations(Source(connector="archive", name="file"), query) == []
