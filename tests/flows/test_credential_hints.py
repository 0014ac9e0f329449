"""Who lacks a credential is told what to get and where, for each one that is missing."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from analytics.store.approvals import record_approval
from analytics.store.store import Store
from connectors.credentials import Credential
from connectors.registry import names, needed_credentials
from tests.flows.acme import write_acme
from tests.flows.conftest import BrandTrust
from tests.flows.test_failing_sources import failures, table

NEEDS = {name: needed_credentials(name) for name in names()}
SETTINGS: dict[str, dict[str, object]] = {
    "mastodon": {"instances": ["mastodon.example"], "hashtags": ["acme"]},
    "reddit": {"subreddits": ["acme"]},
}
PLACE = re.compile(r"\b[a-z]+\.(com|app)\b|on your instance")
THING = re.compile(r"\b(id|secret|handle|account|password|bearer token|access token|App passwords)\b")


@pytest.mark.parametrize("need", [need for needs in NEEDS.values() for need in needs], ids=lambda need: need.name)
def test_each_hint_says_what_to_get_and_where(need: Credential) -> None:
    """A thing with its name, and the site where it is to be had."""
    assert THING.search(need.how_to_get)
    assert PLACE.search(need.how_to_get)


@pytest.mark.parametrize("connector", [name for name, needs in NEEDS.items() if needs])
def test_doctor_tells_every_credential_that_is_missing(
    connector: str, workplace: Path, brandtrust: BrandTrust, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each by its name with its own way to it, the optional ones too once the others are there; a run says the same."""
    needs = NEEDS[connector]
    for need in needs:
        monkeypatch.delenv(need.name, raising=False)
    path = write_acme(workplace, more=table(connector, **SETTINGS.get(connector, {})))
    required = [need for need in needs if need.required]
    if required:
        told = doctor_line(brandtrust, path, connector)
        assert told.startswith("missing")
        assert all(need.name in told and need.how_to_get in told for need in required)
        if connector == "reddit":
            record_approval(Store(), "reddit", "a test", "nobody")
        failed = failures(brandtrust("collect", path).stderr)[connector]
        assert all(need.name in failed and need.how_to_get in failed for need in required)
    for need in required:
        monkeypatch.setenv(need.name, "x")
    told = doctor_line(brandtrust, path, connector)
    assert told.startswith("ok")
    assert all(need.name in told and need.how_to_get in told for need in needs if not need.required)


def doctor_line(brandtrust: BrandTrust, path: Path, connector: str) -> str:
    lines = brandtrust("doctor", path).stdout.splitlines()
    (line,) = [line.strip() for line in lines if f"source {connector}:" in line]
    return line
