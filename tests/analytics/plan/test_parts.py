"""What is in the hash of a plan: everything that a verdict depends on, and nothing of how it is written down."""

from __future__ import annotations

import json
import random
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.plan import parts as parts_module
from analytics.plan.parts import collect_parts, hash_plan, name_differences, write_plan
from brands import query
from brands.brand_file import Brand, load

TODAY = date(2023, 3, 1)
THEMES = ["ai_training", "consent", "opt_out"]
PEERS = {"Bolt": '"bolt" OR @boltapp', "Crest": "crest AND app", "Dune": "dune*"}
BREAKS = [("forum", "2022-05-01"), ("forum", "2022-11-01")]


def write_brand(
    *,
    query: str = "acme OR @acmeapp",
    not_phrases: list[str] | None = None,
    themes: list[str] | None = None,
    peers: dict[str, str] | None = None,
    event: str = "",
    other_event: str = "",
    source: str = "",
    breaks: list[tuple[str, str]] | None = None,
    report: str = "",
    top: str = "",
    blank: str = "",
) -> str:
    """A brand file, laid out with `blank` between its lines."""
    lines = ['name = "Acme"', f"query = '{query}'", f"not_phrases = {json.dumps(not_phrases or ['acme corn'])}", top]
    for name, asked in (PEERS if peers is None else peers).items():
        lines += ["[[peers]]", f'name = "{name}"', f"query = '{asked}'"]
    lines += ["[[sources]]", 'connector = "hackernews"', 'name = "forum"', source]
    named = json.dumps(THEMES if themes is None else themes)
    lines += ["[[events]]", 'id = "terms"', 'title = "New terms"', f"themes = {named}", event]
    lines += ["[[events]]", 'id = "older"', 'title = "Older terms"', "effective = 2022-03-01", other_event]
    for name, day in BREAKS if breaks is None else breaks:
        lines += ["[[source_breaks]]", f'source = "{name}"', f"date = {day}", 'note = "a form"']
    lines += ["[report]", report]
    return "\n".join(f"{line}{blank}" for line in lines)


def hashed(folder: Path, text: str, freezing: date = TODAY) -> str:
    return hash_plan(write_plan(parts_of(folder, text, freezing)))


def parts_of(folder: Path, text: str, freezing: date = TODAY) -> dict[str, Any]:
    brand = read(folder, text)
    return collect_parts(brand, brand.events[0], freezing)


def read(folder: Path, text: str) -> Brand:
    path = folder / "acme.toml"
    path.write_text(text, encoding="utf-8")
    return load(path)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where brand files are written, one over another."""
    return tmp_path_factory.mktemp("plans")


@pytest.fixture(scope="module")
def usual(folder: Path) -> dict[str, Any]:
    """The plan that others are held against."""
    return parts_of(folder, write_brand())


@settings(max_examples=20)
@given(
    themes=st.permutations(THEMES),
    peers=st.permutations(list(PEERS)),
    breaks=st.permutations(BREAKS),
    blank=st.sampled_from(["", "\n", "  # a remark\n\n", "\t"]),
)
def test_order_and_layout_change_no_hash(
    folder: Path, usual: dict[str, Any], themes: list[str], peers: list[str], breaks: list[tuple[str, str]], blank: str
) -> None:
    """Peers, themes and breaks in another order, blank lines and remarks: the same plan."""
    text = write_brand(themes=themes, peers={name: PEERS[name] for name in peers}, breaks=breaks, blank=blank)
    assert hashed(folder, text) == hash_plan(write_plan(usual))


@given(seed=st.integers(0, 2**32))
def test_order_of_keys_changes_no_hash(usual: dict[str, Any], seed: int) -> None:
    """The JSON is written in one order, whatever the order in which its keys were put together."""
    shuffled = shuffle(usual, random.Random(seed))
    assert write_plan(shuffled) == write_plan(usual)
    assert json.loads(write_plan(usual)) == usual


def shuffle(value: Any, order: random.Random) -> Any:
    """The same with the keys of every table in another order."""
    if not isinstance(value, dict):
        return value
    keys = list(value)
    order.shuffle(keys)
    return {key: shuffle(value[key], order) for key in keys}


@pytest.mark.parametrize(
    "same",
    [
        {"query": "@acmeapp   OR   acme"},
        {"query": "ACME OR acme OR @AcmeApp"},
        {"not_phrases": ["Acme  Corn", "acme corn"]},
        {"event": "confirmed = true"},
        {"event": "noticed = 2023-03-01"},
        {"event": "noticed = 2023-04-02\nresponded = 2023-04-03\nreversed = 2023-05-01"},
        {"event": 'noticed_basis = "independent"'},
        {"other_event": "reversed = 2023-06-01"},
        {"breaks": [*BREAKS, ("forum", "2023-08-01")]},
        {"report": 'cron = "0 9 * * 1"\nout = "elsewhere"\nalso_scored = []'},
        {"source": 'url = "http://127.0.0.1:1"\nretention_days = 30'},
        {"report": "[report.recovery_margin]\nnet_trust = 5"},
    ],
    ids=lambda same: str(same)[:60],
)
def test_what_no_verdict_depends_on_or_comes_later_changes_no_hash(
    folder: Path, usual: dict[str, Any], same: dict[str, Any]
) -> None:
    """Spelling, a person's confirmation, and every date on or after the day of freezing, the notice first of all."""
    assert hashed(folder, write_brand(**same)) == hash_plan(write_plan(usual))


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"query": "acme"}, ["query"]),
        ({"not_phrases": ["acme street"]}, ["query", "not phrases"]),
        ({"top": 'exclude = "hotline"'}, ["exclude"]),
        ({"themes": ["ai_training"]}, ["themes", "taxonomy"]),
        ({"peers": {"Bolt": PEERS["Bolt"]}}, ["masked names", "peers"]),
        ({"peers": {**PEERS, "Dune": "dunes"}}, ["peers"]),
        ({"top": 'aliases = ["Acme Calls"]'}, ["masked names"]),
        ({"top": 'language = "de"'}, ["language"]),
        ({"source": 'match = "all"'}, ["sources"]),
        ({"source": "since = 2021-01-01"}, ["sources"]),
        ({"breaks": BREAKS[:1]}, ["source breaks"]),
        ({"event": "effective = 2023-02-28"}, ["known dates"]),
        ({"other_event": "responded = 2022-03-05"}, ["known dates"]),
        ({"report": 'scorer = "vader"'}, ["scorer", "lexicon", "masked names"]),
        ({"report": 'primary_measure = "net_trust"'}, ["primary measure", "measures"]),
        ({"report": "[report.recovery_margin]\nattention = 3"}, ["recovery margin"]),
    ],
    ids=lambda changed: str(changed)[:60],
)
def test_what_a_verdict_depends_on_changes_the_hash_and_is_named(
    folder: Path, usual: dict[str, Any], changed: dict[str, Any], named: list[str]
) -> None:
    """Each part by itself gives another hash, and the difference says which part it is."""
    after = parts_of(folder, write_brand(**changed))
    assert write_plan(usual) != write_plan(after)
    assert name_differences(usual, after) == named


@pytest.mark.parametrize(
    ("more", "named"),
    [
        ('[[source_breaks]]\nsource = "wall"\ndate = 2022-06-01\nnote = "a form"\n', ["peers"]),
        ('[[source_breaks]]\nsource = "wall"\ndate = 2023-06-01\nnote = "a form"\n', []),
    ],
)
def test_a_break_in_a_peers_own_file_belongs_to_the_plan(tmp_path: Path, more: str, named: list[str]) -> None:
    """It bars windows as the brand's own breaks do, and so it counts where it was past."""
    own = write_brand(peers={}) + '\n[[peers]]\nname = "Bolt"\nfile = "bolt.toml"\n'
    peer = 'name = "Bolt"\nquery = "bolt"\n[[sources]]\nconnector = "hackernews"\nname = "wall"\n'
    (tmp_path / "bolt.toml").write_text(peer, encoding="utf-8")
    before = parts_of(tmp_path, own)
    (tmp_path / "bolt.toml").write_text(peer + more, encoding="utf-8")
    assert name_differences(before, parts_of(tmp_path, own)) == named


@pytest.mark.parametrize(
    ("name", "value", "named"),
    [
        ("METHOD", 999, "method"),
        ("ALPHA", 0.1, "alpha"),
        ("AFTER_BINS", {"attention": 3}, "windows"),
        ("LONG_BEFORE", 10, "windows"),
        ("FEWEST_AUTHORS", 5, "fewest authors"),
        ("LANGUAGE_VERSION", 999, "query"),
        ("taxonomy_version", lambda: "other", "taxonomy"),
        ("scorer_version", lambda *_: "3.3.2+reading:2+lex:other", "lexicon"),
    ],
)
def test_what_the_program_itself_decides_is_in_the_hash(
    folder: Path, usual: dict[str, Any], monkeypatch: pytest.MonkeyPatch, name: str, value: Any, named: str
) -> None:
    """A release with another lexicon, taxonomy, method or level runs another analysis."""
    monkeypatch.setattr(query if name == "LANGUAGE_VERSION" else parts_module, name, value)
    assert named in name_differences(usual, parts_of(folder, write_brand()))


@settings(max_examples=20)
@given(days=st.integers(-400, 400) | st.integers(-1, 1))
def test_a_date_belongs_to_the_plan_only_where_it_was_past(folder: Path, usual: dict[str, Any], days: int) -> None:
    """Whatever its distance: before the day of freezing it is in the hash, from that day on it is not."""
    day = TODAY + timedelta(days=days)
    differs = parts_of(folder, write_brand(event=f"noticed = {day}")) != usual
    assert differs == (day < TODAY)


@given(one=st.sampled_from(sorted(PEERS)), other=st.sampled_from(sorted(PEERS)))
def test_each_peer_left_out_is_another_plan(folder: Path, one: str, other: str) -> None:
    """Two plans are the same only where the same peers are compared with."""
    left = [{name: asked for name, asked in PEERS.items() if name != out} for out in (one, other)]
    first, second = (hashed(folder, write_brand(peers=peers)) for peers in left)
    assert (first == second) == (one == other)
