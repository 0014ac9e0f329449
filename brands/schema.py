"""The keys of a brand file, with their types and defaults. What must fit together is checked in `brands.faults`."""

from __future__ import annotations

import re
import unicodedata
from contextlib import suppress
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    model_validator,
)

from brands.appearance import check_color
from brands.decisions import Decision
from brands.display_names import check_name
from brands.fault_words import ADDRESS_OF_TARGET
from brands.schedules import Schedules
from brands.withheld_addresses import holds_address

Match = Literal["all", "query", "column"]
NoticedBasis = Literal["declared", "independent", "same_posts"]
SignalKind = Literal["attention", "outcome"]
ClaimStatus = Literal["in_text", "was", "never", "unconfirmed"]
ArchiveFormat = Literal["csv", "tsv", "json", "ndjson", "parquet"]
AlertKind = Literal["volume_surge", "volume_drop", "trust_fall", "trust_rise"]


EARLIEST, LATEST = date(1971, 1, 1), date(2199, 12, 31)  # a year before and after can still be counted


def _read_day(value: object) -> date:
    """Only a date or its text: pydantic itself would read a number as seconds since 1970."""
    if isinstance(value, str):
        value = _read_text(value)
    if not isinstance(value, date) or isinstance(value, datetime):
        raise ValueError("should be a date such as 2023-08-06")
    if not EARLIEST <= value <= LATEST:
        raise ValueError(f"should lie between {EARLIEST.year} and {LATEST.year}")
    return value


def _read_moment(value: object) -> datetime:
    """A time in UTC without a zone, as everywhere in the store; a time without a zone is UTC already."""
    if isinstance(value, str):
        value = _read_text(value)
    if isinstance(value, date) and not isinstance(value, datetime):
        value = datetime.combine(value, time())
    if not isinstance(value, datetime):
        raise ValueError("should be a time such as 2023-08-06T14:00:00Z")
    return value.astimezone(UTC).replace(tzinfo=None) if value.tzinfo else value


def _read_text(text: str) -> object:
    """The date or time that is written in `text`; else the text itself."""
    for kind in (date, datetime):
        with suppress(ValueError):
            return kind.fromisoformat(text)
    return text


def _read_clock(value: object) -> time:
    """A time of day without a zone; TOML has one of its own, and text is welcome too."""
    if isinstance(value, str):
        with suppress(ValueError):
            value = time.fromisoformat(value)
    if not isinstance(value, time) or value.tzinfo is not None:
        raise ValueError('should be a time of day such as "22:00"')
    return value


Clock = Annotated[time, BeforeValidator(_read_clock)]
Day = Annotated[date, BeforeValidator(_read_day)]
Moment = Annotated[datetime, BeforeValidator(_read_moment)]


DisplayName = Annotated[str, AfterValidator(check_name)]


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Columns(Strict):
    """Which column of an archive holds what. `created_at` and `text` are needed, the rest may be absent."""

    created_at: str
    text: str
    id: str | None = None
    author: str | None = None
    title: str | None = None
    rating: str | None = None
    brand: str | None = None
    lang: str | None = None
    url: str | None = None
    kind: str | None = None
    parent_id: str | None = None
    thread_id: str | None = None
    likes: str | None = None
    replies: str | None = None
    shares: str | None = None


class Gap(Strict):
    """A time in which an archive's collector did not run: since ≤ t < until, UTC without a zone once read.

    Such days are failed, not silent.
    """

    since: Moment
    until: Moment
    note: str = ""


class Source(Strict):
    """One place to collect from. `name` is stored as posts.source."""

    connector: str
    name: str
    match: Match = "query"
    kind: str = "post"
    retention_days: int | None = Field(default=None, ge=1, le=36_500)  # posts that are held for so long are purged
    # live sources
    since: Day | None = None  # the first run starts here; without it, 30 days back
    url: str | None = None  # the platform's address, where it is not the public one
    subreddits: tuple[str, ...] = ()  # reddit; none: all of Reddit, by search
    comments: bool = True  # reddit: the comments under what is found
    full_archive: bool = False  # x: older than seven days, where the account may
    instances: tuple[str, ...] = ()  # mastodon: hosts, such as mastodon.social
    hashtags: tuple[str, ...] = ()  # mastodon: without #; none: those that the query names
    feeds: tuple[str, ...] = ()  # addresses of RSS, Atom or JSON feeds
    app_id: str | None = None  # app_store: the number in the app's address
    countries: tuple[str, ...] = ()  # app_store: two letters each
    usd_per_post: float = Field(default=0.005, ge=0)  # x: what a post read costs
    usd_per_count: float = Field(default=0.010, ge=0)  # x: what a request for counts costs
    max_usd_per_run: float = Field(default=5.0, ge=0)
    max_usd_per_month: float = Field(default=50.0, ge=0)
    # archives
    path: Path | None = None  # relative to the brand file
    format: ArchiveFormat | None = None  # from the file's ending where absent
    encoding: str = "utf-8"
    day_first: bool = False
    timezone: str = "UTC"
    columns: Columns | None = None
    brand_values: dict[str, str] = Field(default_factory=dict)  # value of the brand column → brand slug
    gaps: tuple[Gap, ...] = ()


class SignalColumns(Strict):
    """Which columns of a signal's CSV file hold the day and what was counted."""

    day: str = "day"
    value: str = "value"


class Signal(Strict):
    """Something counted a day that is no post: attention that others measured, or an outcome of the user's own."""

    name: str
    connector: str
    kind: SignalKind = "attention"  # where absent: outcome for csv, attention for all others
    url: str | None = None  # the service's address, where it is not the public one
    articles: tuple[str, ...] = ()  # pageviews: titles as in the articles' addresses; their views are added up
    project: str = "en.wikipedia.org"  # pageviews
    contact: str = ""  # pageviews: a mail or web address, which Wikimedia asks of every program
    path: Path | None = None  # csv: relative to the brand file
    columns: SignalColumns = SignalColumns()
    day_first: bool = False
    encoding: str = "utf-8"
    query: str | None = None  # x_counts: none: the brand's
    full_archive: bool = False  # x_counts: older than seven days, where the account may
    usd_per_count: float = Field(default=0.010, ge=0)  # x_counts: what a request costs
    max_usd_per_run: float = Field(default=5.0, ge=0)
    max_usd_per_month: float = Field(default=50.0, ge=0)

    @model_validator(mode="before")
    @classmethod
    def _fill_in_kind(cls, values: Any) -> Any:
        if isinstance(values, dict) and "kind" not in values:
            return {**values, "kind": "outcome" if values.get("connector") == "csv" else "attention"}
        return values


class Terms(Strict):
    """A page of terms that `brandtrust policy watch` looks at."""

    document: str  # as its versions are filed: Terms of Service
    url: str
    selector: str | None = None  # CSS, of the part that holds the terms; none: the page's main part
    private_network: bool = False  # it may lie at an address of the user's own network


class Peer(Strict):
    """A brand to compare with: by its own `query` on this file's sources, or by its own brand `file`."""

    name: DisplayName
    slug: str = ""
    query: str | None = None
    file: Path | None = None
    not_phrases: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    handles: tuple[str, ...] = ()


class Event(Strict):
    """A policy change with its several dates, which may all be open yet. Reaction follows `noticed`, not the clause."""

    id: str
    title: str
    themes: tuple[str, ...] = ()
    confirmed: bool = False
    clause_first_seen: Day | None = None
    effective: Day | None = None
    noticed: Day | None = None
    noticed_basis: NoticedBasis = "declared"
    responded: Day | None = None
    reversed: Day | None = None
    claims: tuple[str, ...] = ()  # ids of [[claims]]


class Claim(Strict):
    """Something that people say of the terms, and what a person found when reading them."""

    id: str
    says: str  # in a few words, as a sentence about the brand goes on: trains AI on our calls
    query: str  # over posts: who voices it
    denied_by: str | None = None  # over posts: who contradicts it; a post that both find contradicts
    document: str  # the terms, as their versions are filed: Terms of Service
    clause: str  # over single sentences of the terms: which of them speak of it
    status: ClaimStatus = "unconfirmed"  # set by a person only: the terms say so, said so until, never did
    since: Day | None = None  # the first day on which the terms said so
    until: Day | None = None  # the first day on which they no longer did
    checked_by: str = ""
    checked_on: Day | None = None


class SourceBreak(Strict):
    """From this date on the source is not what it was (a form, a rule, a sample changed): no window may span it."""

    source: str
    date: Day
    note: str


Margin = Annotated[float, Field(gt=0, allow_inf_nan=False)]


class RecoveryMargin(Strict):
    """How near to the weeks before an event counts as back, in each measure's units; set before anybody looks."""

    attention: Margin = 2.0  # percentage points of the voices
    net_trust: Margin = 5.0  # points, of −100 … 100
    rating: Margin = 0.25  # stars


Color = Annotated[str, AfterValidator(check_color)]


class ReportSettings(Strict):
    """How and when the weekly report is made."""

    scorer: str = "vader_domain"
    also_scored: tuple[str, ...] = ("vader",)
    model: Path | None = None  # of the scorer linear: what `brandtrust train` wrote; relative to the brand file
    primary_measure: Literal["attention", "net_trust", "rating"] = "attention"
    recovery_margin: RecoveryMargin = RecoveryMargin()
    cron: str = "0 7 * * 1"
    out: Path = Path("reports")
    paper: Literal["a4", "us-letter"] = "a4"
    color: Color | None = None  # of the brand, in place of blue; dark enough for words on white
    logo: Path | None = None  # .svg or .png, relative to the brand file
    synthetic: bool = False  # labels every page SYNTHETIC


class QuietHours(Strict):
    """When nobody is to be woken, by the brand's time zone; `end` may lie on the next day."""

    begin: Clock
    end: Clock


class AlertSettings(Strict):
    """What is watched every hour, and how often it may be wrong."""

    kinds: tuple[AlertKind, ...] = Field(default=("volume_surge", "volume_drop", "trust_fall"), min_length=1)
    false_incidents_a_year: float = Field(default=2.0, gt=0, le=52)  # of a quiet brand, all kinds together
    closes_after_hours: int = Field(default=12, ge=1, le=48)  # in its usual range for so long, an incident is over
    grows_by: float = Field(default=2.0, gt=1, le=100)  # times the size that was told, until it is told again
    quiet_hours: QuietHours | None = None


def _check_target(name: str) -> str:
    """The value is not told: it may be an address, with its password."""
    if holds_address(name):
        raise ValueError(ADDRESS_OF_TARGET)
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,39}", name):
        raise ValueError('should be names of up to 40 small letters, digits and _ that begin with a letter: ["press"]')
    return name


TargetName = Annotated[str, AfterValidator(_check_target)]


class DeliverySettings(Strict):
    """Where reports and alerts go: names only, since the addresses hold secrets and stand in the environment."""

    targets: tuple[TargetName, ...] = Field(min_length=1)
    reports: bool = True
    alerts: bool = True


class BrandFile(Strict):
    """A brand file as it was written."""

    name: DisplayName
    slug: str = ""
    query: str
    not_phrases: tuple[str, ...] = ()
    exclude: str | None = None  # a query over posts: what it finds is left out of every source, such as a wave of spam
    aliases: tuple[str, ...] = ()
    handles: tuple[str, ...] = ()
    language: str = "en"
    timezone: str = "UTC"
    peers: tuple[Peer, ...] = ()
    sources: tuple[Source, ...] = ()
    signals: tuple[Signal, ...] = ()
    terms: tuple[Terms, ...] = ()
    events: tuple[Event, ...] = ()
    claims: tuple[Claim, ...] = ()
    source_breaks: tuple[SourceBreak, ...] = ()
    decisions: tuple[Decision, ...] = ()  # rules of advice, in their order; none: those of decisions.toml
    report: ReportSettings = ReportSettings()
    schedules: Schedules = Schedules()
    alerts: AlertSettings | None = None
    delivery: DeliverySettings | None = None


def slugify(name: str) -> str:
    """A name as used in tables and file names: lower-case ASCII letters, digits and single underscores."""
    ascii_name = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "_", ascii_name.lower()).strip("_")
