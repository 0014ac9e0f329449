"""Real posts through the whole pipeline. What is printed here is whatever came out; only its form is demanded."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from pypdf import PdfReader

from analytics.store import Store, read
from analytics.store.catalogue import views
from brands.brand_file import Brand, load
from flows.stages import Outcome, collect, score, weekly
from tests.real_brands import copy_brand_files

NUMBERS = ("posts", "mentions", "scores", "post_themes", "coverage", "source_flags")


@dataclass(frozen=True)
class Run:
    brand: Brand
    store: Store
    outcome: Outcome
    posts: pd.DataFrame


def brand_file(name: str, folder: Path, data: Path) -> Brand:
    """One of our brand files for the real archives, pointed at where they lie on this machine."""
    copy_brand_files(folder, data)
    return load(folder / f"{name}.toml")


@pytest.fixture(scope="module")
def zoom(tmp_path_factory: pytest.TempPathFactory, shared_data: Path) -> Iterator[Run]:
    """Zoom's reviews with Webex and Firefox as peers, through every stage once."""
    folder = tmp_path_factory.mktemp("zoom")
    brand, store = brand_file("zoom_reviews", folder, shared_data), Store(folder / "brandtrust.duckdb")
    outcome = weekly(brand, store, out=folder / "reports")
    yield Run(brand, store, outcome, read("brand_posts", store=store.path))
    shutil.rmtree(folder)


def everything(store: Store) -> dict[str, list[tuple[object, ...]]]:
    """All that a second run must not change, run ids apart."""
    with store.reader() as connection:
        found = {name: connection.execute(f"SELECT * FROM {name} ORDER BY ALL").fetchall() for name in NUMBERS}
        for name in ("weekly_numbers", "event_effects"):
            found[name] = connection.execute(f"SELECT * EXCLUDE (run_id) FROM {name} ORDER BY ALL").fetchall()
        return found


def test_every_review_is_stored_once(zoom: Run) -> None:
    """3,750 reviews of Zoom and of Firefox, 3,600 of Webex: none lost, none doubled, and every one counted."""
    assert [(each.read, each.new, each.unaccounted) for each in zoom.outcome.sources] == [
        (3750, 3750, 0),
        (3600, 3600, 0),
        (3750, 3750, 0),
    ]
    assert zoom.posts.groupby("brand").size().to_dict() == {"firefox": 3750, "webex": 3600, "zoom": 3750}
    unscored = zoom.posts["compound"].isna()
    assert (zoom.posts.loc[unscored, "why_not_scored"] == "in another language").all()
    assert zoom.posts.loc[~unscored, "why_not_scored"].isna().all()
    assert unscored.mean() < 0.02  # of two apps' English reviews


@pytest.mark.long
def test_a_second_run_adds_nothing_and_changes_no_number(zoom: Run) -> None:
    """The same files again: no new post, and every number and the bytes of PDF and page as before."""
    before, pdf, page = everything(zoom.store), zoom.outcome.pdf, zoom.outcome.page
    assert pdf is not None
    assert page is not None
    first = pdf.read_bytes(), page.read_bytes()
    again = weekly(zoom.brand, zoom.store, out=pdf.parent)
    assert again.new == 0
    assert everything(zoom.store) == before
    assert again.pdf is not None
    assert again.page is not None
    assert (again.pdf.read_bytes(), again.page.read_bytes()) == first


def test_the_trend_covers_the_time_without_holes(zoom: Run) -> None:
    """Every week from January 2022 to January 2024 is a row for both brands."""
    trend = read("trust_weekly", store=zoom.store.path).query("scope == 'all'")
    for brand in ("zoom", "webex", "firefox"):
        weeks = trend.loc[trend["brand"] == brand, "week"]
        assert weeks.min() <= pd.Timestamp(2022, 1, 3)
        assert (weeks.diff().dropna() == pd.Timedelta(days=7)).all()
    assert trend.loc[trend["brand"] == "zoom", "week"].max() >= pd.Timestamp(2024, 1, 22)


def test_the_event_has_a_verdict_that_says_what_it_stands_on(zoom: Run) -> None:
    """Attention and net trust on 2023-08-06: a verdict with its placebos and the smallest change that could be seen."""
    effects = read("effects", "zoom", store=zoom.store.path)
    tested = effects[effects["role"] != "exploratory"]
    assert set(tested["measure"]) == {"attention", "net_trust"}
    assert (effects["event_date"] == pd.Timestamp(2023, 8, 6)).all()
    assert effects["verdict"].isin(["fell", "rose", "no_change_shown", "descriptive_only", "not_comparable"]).all()
    assert (tested["placebos"] >= 40).all()
    assert tested["smallest_visible"].notna().all()
    assert all(peers.tolist() == ["firefox", "webex"] for peers in tested["peers"])


def test_a_constant_sample_gives_no_volume(zoom: Run) -> None:
    """The report says that the sample is 150 a month, and nothing is said of volume or share of voice."""
    assert zoom.outcome.pdf is not None
    text = " ".join(page.extract_text() for page in PdfReader(zoom.outcome.pdf).pages)
    words = " ".join(text.split())
    assert "150" in words
    assert "constant" in words
    assert "usual number of posts" not in words
    assert read("share_of_voice_weekly", "zoom", store=zoom.store.path)["share"].isna().all()
    assert not read("source_weekly", "zoom", store=zoom.store.path)["volume_comparable"].any()


def test_reviews_that_speak_of_the_terms_are_found(zoom: Run) -> None:
    """Of 7 and 24 August 2023 one each is on AI training; batteries drained of data and free lessons are not."""
    own = zoom.posts[zoom.posts["brand"] == "zoom"]
    tagged = own[[("ai_training" in themes) for themes in own["themes"]]]
    assert {date(2023, 8, 7), date(2023, 8, 24)} <= set(tagged["day"].dt.date)
    for words in ("drain my data", "free training"):
        said = zoom.posts[zoom.posts["text"].str.contains(words, case=False, regex=False)]
        assert not any("ai_training" in themes for themes in said["themes"]), words


@pytest.mark.parametrize("name", list(views()))
def test_every_view_keeps_its_declared_key(zoom: Run, name: str) -> None:
    """What the schema page calls unique is unique on real posts too."""
    frame = read(name, store=zoom.store.path)
    assert not frame.duplicated(list(views()[name].key)).any()


@pytest.mark.parametrize(
    ("name", "rows"), [("threads", 34_347), ("chatgpt", 8_079), ("airlines", 7_189)], ids=lambda value: str(value)
)
def test_every_row_of_a_file_is_accounted_for(name: str, rows: int, tmp_path: Path, shared_data: Path) -> None:
    """No ids, no authors, day-first dates, exact duplicates: each row is stored, and a rerun adds none."""
    brand, store = brand_file(name, tmp_path, shared_data), Store(tmp_path / "brandtrust.duckdb")
    found = collect(brand, store).sources
    assert [(each.read, each.new, each.quarantined, each.unaccounted) for each in found] == [(rows, rows, 0, 0)]
    with store.writer() as connection:
        connection.execute("DELETE FROM cursors")  # so that the file is read again, and every row is met again
    again = collect(brand, store).sources
    assert [(each.read, each.new, each.known) for each in again] == [(rows, 0, rows)]


def test_four_tweets_in_a_shared_file_are_no_trend(tmp_path: Path, shared_data: Path) -> None:
    """American has 4 of 7,189 rows: that is flagged, and gives no trend; the others have one."""
    brand, store = brand_file("airlines", tmp_path, shared_data), Store(tmp_path / "brandtrust.duckdb")
    collect(brand, store)
    score(brand, store)
    store.publish()
    with store.reader() as connection:
        flags = connection.execute("SELECT brand, flag FROM source_flags").fetchall()
    assert flags == [("american", "sparse_in_shared_file")]
    trend = read("trust_weekly", store=store.path).query("scope == 'all'").groupby("brand")["net_trust"].count()
    assert trend["american"] == 0
    assert trend["united"] > 0
