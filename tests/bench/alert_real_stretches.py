"""Real stretches for `alert_error_rates`: two brands on one help forum, a year at a time, each question a post."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np
import pandas as pd

from analytics.alerts.hours import DAY, BrandHours, SourceHours, name_hour, number_hour
from analytics.alerts.season import PAST_DAYS
from analytics.sentiment import score
from tests.bench.real_posts import find

BRANDS = ("firefox", "thunderbird")


@dataclass(frozen=True)
class Stretch:
    """Hours that are judged from `since` on; those before are the past."""

    name: str
    hours: BrandHours
    since: int

    @property
    def first_day(self) -> date:
        return name_hour(self.since).date()

    @property
    def posts_a_day(self) -> float:
        [source] = self.hours.sources.values()
        return float((source.hour >= self.since).sum() / ((self.hours.end - self.since) / DAY))


def read_stretches() -> Iterator[Stretch]:
    """Each brand's years, the first from when its past is long enough. Raises LeftOut without the folder."""
    for name in BRANDS:
        [path] = find(f"browser_forum/{name}_*.parquet")
        posts = pd.read_parquet(path, columns=["author_hash", "created_utc", "title", "text"])
        posts["when"] = pd.to_datetime(posts["created_utc"], utc=True).dt.tz_localize(None)
        texts = (posts["title"].fillna("") + "\n" + posts["text"].fillna("")).str[:2_000]
        posts["compound"] = score(texts.tolist(), "vader_domain", names=[name, "mozilla"])["compound"].to_numpy()
        years = range(posts["when"].dt.year.min(), posts["when"].dt.year.max() + 1)
        for year in years:
            first = number_hour(max(datetime(year, 1, 1), posts["when"].min()))
            end = number_hour(min(datetime(year + 1, 1, 1), posts["when"].max().to_pydatetime())) // DAY * DAY
            begin = -(-first // DAY) * DAY
            past = begin - PAST_DAYS * DAY
            since = begin
            if year == years[0]:
                past, since = begin, begin + PAST_DAYS * DAY
            yield Stretch(f"{name} {year}", _as_hours(posts, past, end), since)


def _as_hours(posts: pd.DataFrame, first: int, end: int) -> BrandHours:
    hour = posts["when"].to_numpy().astype("datetime64[h]").astype(np.int64)
    inside = (hour >= first) & (hour < end)
    kept = pd.DataFrame({"hour": hour, "voice": pd.factorize(posts["author_hash"])[0], "compound": posts["compound"]})
    kept = kept[inside].groupby(["hour", "voice"], as_index=False)["compound"].mean()
    columns = (kept[name].to_numpy() for name in ("hour", "voice", "compound"))
    source = SourceHours(first, np.ones(end - first, dtype=bool), *columns)
    return BrandHours(first, end - first, {"help_forum": source})
