"""brandtrust label: keys in, labels in the store."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from analytics.store import Store
from brands.brand_file import load
from flows import labelling, stages, terminal
from tests.flows.acme import write_acme, write_posts
from tests.flows.conftest import BrandTrust

EVENT = "2023-terms"
Keys = Callable[..., None]


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the invented brand, collected, scored and measured once."""
    folder = tmp_path_factory.mktemp("measured")
    brand, store = load(write_acme(folder)), Store(folder / "brandtrust.duckdb")
    for stage in (stages.collect, stages.score, stages.measure):
        stage(brand, store)
    return folder


@pytest.fixture
def ready(measured: Path, workplace: Path) -> Path:
    """The same in the working folder."""
    shutil.copytree(measured, workplace, dirs_exist_ok=True)
    return Path("acme.toml")


@pytest.fixture
def keys(monkeypatch: pytest.MonkeyPatch) -> Keys:
    """A person at a terminal who presses these keys; `Ctrl-C` and the end of input as click gives them."""

    def press(*pressed: str) -> None:
        waiting: Iterator[str] = iter(pressed)

        def getchar() -> str:
            key = next(waiting, "EOF")
            if key == "Ctrl-C":
                raise KeyboardInterrupt
            if key == "EOF":
                raise EOFError
            return key

        monkeypatch.setattr(labelling.click, "getchar", getchar)
        monkeypatch.setattr(terminal, "on_terminal", lambda: True)

    return press


def labels(*columns: str) -> list[tuple[Any, ...]]:
    with Store().writer() as connection:
        return connection.execute(f"SELECT {', '.join(columns)} FROM labels ORDER BY labelled_at").fetchall()


def test_a_key_is_a_label(ready: Path, brandtrust: BrandTrust, keys: Keys) -> None:
    """Digits and letters, skip and quit; other keys do nothing; what was said is told, and a skip is no label."""
    keys("1", "u", "x", "P", "s", "q")
    told = brandtrust("label", ready, EVENT, "--by", "ann", "--n", "10")
    assert told.exit_code == 0, told.stderr
    assert labels("label", "labeller") == [(each, "ann") for each in ("negative", "neutral", "positive", "skipped")]
    assert all(0 < probability <= 1 for (probability,) in labels("probability"))
    assert "3 of 20 posts labelled by ann, 1 skipped" in told.stdout
    assert "5 of 20, 3 labelled" in told.stdout
    assert "What does the writer express towards Acme?" in told.stdout


def test_it_goes_on_where_it_ended(ready: Path, brandtrust: BrandTrust, keys: Keys) -> None:
    """After a quit, Ctrl-C or the end of input the next session begins at the first post without a label."""
    keys("1", "1", "Ctrl-C")
    assert brandtrust("label", ready, EVENT, "--by", "ann", "--n", "2").exit_code == 130
    keys("2")
    told = brandtrust("label", ready, EVENT, "--by", "ann")
    assert "3 of 4, 2 labelled" in told.stdout
    keys("3")
    assert "next: brandtrust effects acme.toml" in brandtrust("label", ready, EVENT, "--by", "ann").stdout
    assert [label for (label,) in labels("label")] == ["negative", "negative", "neutral", "positive"]
    assert len(set(labels("post_id"))) == 4
    keys("1", "q")
    brandtrust("label", ready, EVENT, "--by", "bob")
    assert labels("labeller")[-1] == ("bob",)


def test_back_shows_the_post_before_with_its_label(ready: Path, brandtrust: BrandTrust, keys: Keys) -> None:
    """A slip is mended: the new label takes the place of the old, and it goes on with the first open post."""
    keys("b", "1", "2", "b", "3", "q")
    told = brandtrust("label", ready, EVENT, "--by", "ann", "--n", "10")
    assert "so far: neutral" in told.stdout
    assert [label for (label,) in labels("label")] == ["negative", "positive"]


def test_a_post_is_shown_without_what_a_terminal_obeys_and_without_its_author(
    workplace: Path, acme: Path, brandtrust: BrandTrust, keys: Keys
) -> None:
    """Escape sequences become visible, long posts are cut until m is pressed, and no author, day or window is told."""
    long_text = "Acme \x1b[2J [bold]is[/bold] fine. " + "More of it follows here. " * 200 + "The end."
    rows = [(f"p{day}", f"user-{day}", f"2023-{5 + day // 28:02d}-{1 + day % 28:02d}", long_text) for day in range(100)]
    write_posts(workplace / "posts.csv", rows)
    for stage in (stages.collect, stages.score, stages.measure):
        stage(load(acme), Store())
    keys("m", "q")
    told = brandtrust("label", acme, EVENT, "--n", "3").stdout
    assert "\x1b" not in told
    assert "Acme �[2J [bold]is[/bold] fine." in told
    first, whole = told.split("What does the writer express")[:2]
    assert "(m shows them)" in first
    assert "The end." not in first
    assert "The end." in whole
    assert "user-" not in told
    assert "2023-" not in told.replace(EVENT, "")
    assert "before" not in first


def test_a_post_that_is_purged_meanwhile_gets_no_label(
    ready: Path, brandtrust: BrandTrust, keys: Keys, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A sweep may run while someone reads: the label of a post that is gone is not written, and it goes on."""

    def save_after_purge(store: Store, *arguments: Any) -> bool:
        with store.writer() as connection:
            connection.execute("DELETE FROM posts WHERE post_id = ?", [arguments[1].post_id])
        monkeypatch.setattr(labelling, "save_label", save)
        return save(store, *arguments)

    save = labelling.save_label
    monkeypatch.setattr(labelling, "save_label", save_after_purge)
    keys("1", "2", "3", "1")
    told = brandtrust("label", ready, EVENT, "--n", "2", "--by", "ann")
    assert told.exit_code == 0, told.stderr
    assert "3 of 3 posts labelled by ann" in told.stdout
    assert [label for (label,) in labels("label")] == ["neutral", "positive", "negative"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("nope",), f"no event is called 'nope'; its events: {EVENT}"),
        ((EVENT, "--by", " "), "--by is empty"),
        ((EVENT, "--n", "0"), "--n"),
    ],
)
def test_what_cannot_be_meant_is_told(
    arguments: tuple[str, ...], words: str, ready: Path, brandtrust: BrandTrust, keys: Keys
) -> None:
    """One line, exit 2, no draw, no label."""
    keys("1")
    told = brandtrust("label", ready, *arguments)
    assert told.exit_code == 2
    assert words in told.stderr
    with Store().writer() as connection:
        assert connection.execute("SELECT count(*) FROM label_draws").fetchall() == [(0,)]
    assert labels("label") == []


def test_without_terminal_store_or_effect_nothing_is_begun(acme: Path, brandtrust: BrandTrust, keys: Keys) -> None:
    """Each is one line that says what to do, and nothing is made."""
    told = brandtrust("label", acme, EVENT)
    assert (told.exit_code, told.stderr.count("\n")) == (2, 1)
    assert "brandtrust collect" in told.stderr
    assert not Path("brandtrust.duckdb").exists()
    stages.collect(load(acme), Store())
    told = brandtrust("label", acme, EVENT)
    assert (told.exit_code, told.stderr.count("\n")) == (2, 1)
    assert "there is no terminal" in told.stderr
    keys("1")
    told = brandtrust("label", acme, EVENT)
    assert (told.exit_code, told.stderr.count("\n")) == (2, 1)
    assert "brandtrust effects" in told.stderr


def test_effects_tell_what_labels_there_are(ready: Path, brandtrust: BrandTrust) -> None:
    """Without labels the table of effects says for each scorer that nobody has checked it."""
    told = brandtrust("effects", ready).stdout
    assert f"{EVENT}, vader_domain: Scorer not validated on this brand." in told
    assert "brandtrust label BRAND.toml EVENT" in told
