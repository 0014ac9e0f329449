"""Effects planted in real quiet series of stars: from a date on some reviewers give one star less.

The dates are every week with a year of past, so their windows overlap: the rates say how the methods do on real weeks,
not how sure one may be of the rate.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

from tests.bench.effect_worlds import AFTER, World
from tests.bench.real_posts import find

PAST = 52


@dataclass(frozen=True)
class Quiet:
    """A stretch of reviews in which nothing is known to have happened to the brand, and its peers'."""

    name: str
    brand: str
    peers: tuple[str, ...]
    first: str
    last: str


QUIET_STRETCHES = (
    Quiet("Chrome, peer Drive", "chrome", ("drive",), "2019-01-06", "2021-12-26"),
    Quiet("Drive, peer Chrome", "drive", ("chrome",), "2019-01-06", "2021-12-26"),
    Quiet("Zoom, 2 peers", "zoom", ("webex", "firefox"), "2022-01-02", "2023-07-30"),
    Quiet("Webex, 2 peers", "webex", ("zoom", "firefox"), "2022-01-02", "2023-12-24"),
)


@cache
def read_stars() -> pd.DataFrame:
    """brand, day and stars (1–5) of every review. Raises LeftOut where they are not here."""
    frames = []
    for path in find("zoom_play_reviews/*.csv"):
        frame = pd.read_csv(path, usecols=["score", "at"])
        frames.append(frame.rename(columns={"score": "stars", "at": "day"}).assign(brand=Path(path).stem))
    [stores] = find("app_store_reviews/chrome_drive_2017_2021.csv.gz")
    frame = pd.read_csv(stores, usecols=["date", "rating", "app"])
    brand = np.where(frame["app"].str.contains("chrome", case=False), "chrome", "drive")
    frames.append(frame.rename(columns={"rating": "stars", "date": "day"})[["stars", "day"]].assign(brand=brand))
    whole = pd.concat(frames, ignore_index=True)
    return whole.assign(day=pd.to_datetime(whole["day"]).dt.normalize()).dropna()


def plant(quiet: Quiet, share: float) -> Iterator[World]:
    """A world for each date of the stretch, in which `share` of the reviews after it lose one star (never the last)."""
    stars = read_stars()
    stars = stars[stars["day"].between(quiet.first, pd.Timestamp(quiet.last) + timedelta(days=6))]
    weeks = pd.date_range(quiet.first, quiet.last, freq="7D")
    draw = np.random.default_rng(7).random(len(stars))
    lower = np.where((draw < share) & (stars["stars"] > 1), 1.0, 0.0)
    mine = (stars["brand"] == quiet.brand).to_numpy()
    peers = [_bins(stars[stars["brand"] == name]).assign(brand=name) for name in quiet.peers]
    before = _bins(stars[mine])
    moved = _bins(stars[mine].assign(stars=stars["stars"][mine] - lower[mine]))
    for event in weeks[PAST : len(weeks) - AFTER + 1]:
        late = (before["start"] >= event) & (before["start"] < event + timedelta(days=7 * AFTER))
        truth = float((moved["value"] - before["value"])[late].mean())
        bins = pd.concat([before[before["start"] < event], moved[moved["start"] >= event]], ignore_index=True)
        yield World(bins, pd.concat(peers, ignore_index=True), event.date(), truth)


def _bins(stars: pd.DataFrame) -> pd.DataFrame:
    start = stars["day"] - pd.to_timedelta((stars["day"].dt.dayofweek + 1) % 7, unit="D")  # Sundays
    week = stars.groupby(start)["stars"]
    voices = week.size()
    counted = pd.DataFrame({"value": week.mean(), "authors": voices, "variance": week.var() / voices})
    counted = counted.assign(posts=voices, post_mean=week.mean(), post_variance=week.var(ddof=0))
    return counted.rename_axis("start").reset_index()
