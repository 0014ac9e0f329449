"""The report as data: everything that a page, a message or a browser shows of one brand and week.

Shares and net trust are in points (0 to 100, −100 to 100), star ratings in stars, days are UTC. A number that does not
exist is None, never zero: a gap in collection has no value.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal

from analytics.plan.ways import Ways
from analytics.report.appearance import Appearance
from analytics.report.episodes import Episodes
from analytics.report.evidence import ChangePart, EffectCheck, RecoveryLook
from analytics.report.figures import Figure
from analytics.report.listening import Listening, StoredCount
from analytics.report.reception import Reception
from analytics.report.replaced import Replaced
from analytics.report.rising_terms import RisingTerm
from analytics.report.spreading import Spread
from analytics.report.volume import Spike
from analytics.report.week_parts import WeekParts
from brands.decisions import Advice

Period = Literal[
    "event", "week", "behind", "spike", "story", "mover"
]  # behind: a post behind a point of the lines, whatever week
DATE_WORDS = (
    ("clause_first_seen", "clause appears"),
    ("effective", "in effect"),
    ("noticed", "noticed"),
    ("responded", "response"),
    ("reversed", "reversed"),
)


class ReportError(ValueError):
    """There is nothing to report on; one line says what is missing and what to do."""


@dataclass(frozen=True, slots=True)
class Peer:
    """A brand that is shown beside this one."""

    brand: str
    name: str


@dataclass(frozen=True, slots=True)
class Event:
    """A policy event with its several dates; reaction follows `noticed`."""

    event_id: str
    title: str
    themes: tuple[str, ...]
    theme_labels: tuple[str, ...]
    confirmed: bool
    clause_first_seen: date | None
    effective: date | None
    noticed: date | None
    noticed_basis: str
    responded: date | None
    reversed: date | None

    @property
    def tested(self) -> date | None:
        """The day on which a reaction is looked for: its notice, else the day it took effect or was first seen."""
        return self.noticed or self.effective or self.clause_first_seen

    @property
    def first_week(self) -> date | None:
        """The Monday nearest to the day tested: from it on weeks of the calendar are counted as its own."""
        if self.tested is None:
            return None
        nearest = self.tested + timedelta(days=3)
        return nearest - timedelta(days=nearest.weekday())

    @property
    def dates(self) -> list[tuple[date, str]]:
        """Its dates in order, each with the words for what happened then; one entry a day."""
        words: dict[date, list[str]] = {}
        for name, word in DATE_WORDS:
            day = getattr(self, name)
            if day is not None:
                words.setdefault(day, []).append(word)
        return [(day, ", ".join(named)) for day, named in sorted(words.items())]


@dataclass(frozen=True, slots=True)
class Point:
    """One week of a series. `value` is None where nobody spoke or nothing was collected."""

    week: date
    value: float | None
    low: float | None
    high: float | None
    authors: int
    thin: bool  # under 50 authors
    coverage: str  # complete, partial, none


@dataclass(frozen=True, slots=True)
class Series:
    """A brand's weeks, without holes in the calendar."""

    brand: str
    name: str
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class EffectRow:
    """What an event did to one measure, as judged; all that stands in the table of effects."""

    event_id: str
    event_title: str
    measure: str  # attention, net_trust, rating
    role: str
    verdict: str
    reason: str
    event_date: date
    as_of: date
    estimate: float | None
    low: float | None
    high: float | None
    p_value: float | None
    smallest_p: float | None
    placebos: int
    placebo_estimates: tuple[float, ...]
    moved_as_much: int | None
    independent_windows: int
    smallest_visible: float | None
    before_mean: float | None
    after_mean: float | None
    before_authors: int
    after_authors: int
    before_bins: int
    after_bins: int
    peers: tuple[str, ...]
    dates_not_separable: tuple[str, ...]
    alpha: float
    validation: str = ""  # whether the scorer was checked against labels; empty in a report of before that was asked
    raw_change: float | None = None
    corrected_change: float | None = None
    corrected_low: float | None = None
    corrected_high: float | None = None
    declared: str = ""  # whether its plan was frozen before the notice; empty in a report of before that was asked
    declared_reason: str = ""
    ways: Ways | None = None  # the specification curve, where it was drawn
    weighed: bool = False  # p comes from simulated series and not from a rank; then moved_as_much is None
    recovery: str = ""  # a RecoveryState; empty where none was asked for
    recovery_margin: float | None = None
    recovered_on: date | None = None

    @property
    def before_starts(self) -> date:
        """First day of the weeks compared."""
        return self.event_date - timedelta(days=7 * self.before_bins)

    @property
    def after_ends(self) -> date:
        """The day after the weeks compared."""
        return self.event_date + timedelta(days=7 * self.after_bins)


@dataclass(frozen=True, slots=True)
class ThemeShare:
    """Share of author-weeks that speak of a theme: in the last four weeks, usually, in four weeks of the event."""

    theme: str
    label: str
    now: float | None
    usual: float | None
    event: float | None

    @property
    def bar(self) -> float | None:
        """What is drawn and sorted by: the weeks of the event where there is one, else the last four."""
        return self.now if self.event is None else self.event


@dataclass(frozen=True, slots=True)
class LoudPost:
    """A post by its reach (likes, replies and shares). Its author is never told."""

    period: Period
    source: str
    day: date
    reach: int
    compound: float | None
    rating: float | None
    themes: tuple[str, ...]
    title: str
    text: str
    url: str
    post_id: str = ""


@dataclass(frozen=True, slots=True)
class SourceRow:
    """What was collected from one source over the time shown, in days by how they were covered."""

    source: str
    posts: int
    complete: int
    partial: int
    capped: int
    failed: int
    never_asked: int
    missing_this_week: int
    constant_quota: str  # empty, or what was found
    sparse: str
    breaks: tuple[tuple[date, str], ...]


@dataclass(frozen=True, slots=True)
class SourceWeek:
    """A week of one source: posts that count, None where nothing was collected, and the voices behind them."""

    week: date
    posts: int | None
    authors: int
    coverage: str  # complete, partial, none


@dataclass(frozen=True, slots=True)
class Volume:
    """A source's posts by week, over the time shown."""

    source: str
    weeks: tuple[SourceWeek, ...]


@dataclass(frozen=True, slots=True)
class Gap:
    """Days that were not collected in full, first to last; such days of the reported week stand here in any case."""

    first: date
    last: date
    status: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Counts over the time shown of what does not count, or not as usual."""

    posts: int = 0
    truncated: int = 0
    unscored: int = 0
    without_author: int = 0
    official: int = 0
    copies: int = 0
    quarantined: int = 0
    other_language: int = 0
    erased: int = 0  # whenever they were written


@dataclass(frozen=True, slots=True)
class Copies:
    """The week with `copies` posts beyond the first of their text, and with each text as one voice.

    Net trust −100…100 over all posts; shares of voices that speak of practices, 0…100.
    """

    copies: float
    net_trust: float
    net_trust_without_copies: float
    practices_share: float
    practices_share_without_copies: float


@dataclass(frozen=True, slots=True)
class NoticeSign:
    """A signal that is none of the tested posts, and the day on which it first left its usual range, if it did."""

    name: str
    first_day: date | None
    value: float | None
    usual: float | None
    days: int  # looked at


@dataclass(frozen=True, slots=True)
class Outcome:
    """A series of what people did, counted by its owner: churn, tickets, a panel."""

    name: str
    last_day: date
    days: int


@dataclass(frozen=True, slots=True)
class VoicedShare:
    """How many voiced a claim in four weeks: author-weeks and their share of all, with its sampling interval."""

    share: float
    low: float | None
    high: float | None
    authors: int
    authors_all: int


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """Something that people say of the terms, what a person found there, and what the recorded text has of it."""

    claim: str
    says: str
    status: str  # in_text, was, never, unconfirmed: a person's word
    since: date | None
    until: date | None
    checked_by: str
    checked_on: date | None
    document: str
    clause: str  # in_text, not_found, no_text: by the version recorded last
    event_date: date | None
    clause_at_event: str | None
    quotations: tuple[str, ...]  # of the terms, by the version recorded last before the event
    now: VoicedShare | None  # the last four weeks
    event: VoicedShare | None  # four weeks of the event


@dataclass(frozen=True, slots=True)
class SpeakerCount:
    """Voices on data and AI practices by what their own words say of them; None without such weeks."""

    speaker: str  # official, press, leaving, administrator, customer, unknown
    now: int | None
    event: int | None


@dataclass(frozen=True, slots=True)
class VoiceShare:
    """A brand's part of all posts on it and its peers in four weeks; None where counts cannot be compared."""

    brand: str
    name: str
    share: float | None
    posts: int
    posts_all: int
    why_no_share: str


@dataclass(frozen=True, slots=True)
class Fact:
    """One figure that rules of advice look at: a word or a number, and how it is said with what it stands on."""

    name: str
    value: str | float | None
    said: str


@dataclass(frozen=True, slots=True)
class Flip:
    """Another advice, and what would have to be for it: the conditions that fail now."""

    advice: Advice
    missing: tuple[str, ...]  # as written in the rules


@dataclass(frozen=True, slots=True)
class Advised:
    """What the rules come to. Without advice no rule's conditions hold."""

    advice: Advice | None
    because: str
    when: tuple[str, ...]  # the conditions that held, as written in the rules
    facts: tuple[Fact, ...]  # all that rules may look at
    flips: tuple[Flip, ...]


@dataclass(frozen=True, slots=True)
class Week:
    """The reported week. Figures are None where the week has none."""

    net_trust: Figure | None
    usual_net_trust: Figure | None
    practices: Figure | None
    usual_practices: Figure | None
    authors: int
    posts: int
    sources: int
    usual_posts: Figure | None
    volume_comparable: bool
    coverage: str  # complete, partial, none
    over: bool = True

    @property
    def thin(self) -> bool:
        """Whether under 50 authors spoke."""
        return 0 < self.authors < 50

    @property
    def side(self) -> Literal["below", "above"] | None:
        """Where its interval, which is of sampling only, leaves its usual out: on which side it lies."""
        now, usual = self.net_trust, self.usual_net_trust
        if now is None or usual is None or now.low is None or now.high is None or now.low <= usual.value <= now.high:
            return None
        return "below" if now.value < usual.value else "above"


@dataclass(frozen=True, slots=True)
class Report:
    """One brand and week. `figures` are all printed numbers, each once."""

    brand: str
    name: str
    week: date
    synthetic: bool
    peers: tuple[Peer, ...]
    scorer: str
    scorer_version: str
    taxonomy_version: str
    query_hash: str
    run_id: str
    this_week: Week
    event: Event | None  # the newest one: the first page is about it
    events: tuple[Event, ...]
    effects: tuple[EffectRow, ...]
    trend: tuple[Series, ...]  # the brand first, then its peers
    attention: tuple[Series, ...]
    attention_subject: str  # what the attention series counts
    themes: tuple[ThemeShare, ...]
    posts: tuple[LoudPost, ...]
    sources: tuple[SourceRow, ...]
    gaps: tuple[Gap, ...]
    left_out: LeftOut
    copies: Copies | None  # None: no text stands twice in the week
    notice_signs: tuple[NoticeSign, ...]
    outcomes: tuple[Outcome, ...]
    figures: tuple[Figure, ...]
    fingerprint: str
    coming: Event | None = None  # the next declared one, tested after the week
    claims: tuple[ClaimRow, ...] = ()
    speakers: tuple[SpeakerCount, ...] = ()
    voice_shares: tuple[VoiceShare, ...] = ()  # the brand first; empty without peers
    advised: Advised | None = None  # None in a report of before that was asked
    store_id: str = ""  # of the store that it was built from; empty in a report of before stores had one
    volume: tuple[Volume, ...] = ()  # empty in a report of before there was a page for a browser
    change_parts: tuple[ChangePart, ...] = ()  # of the newest event, as are the two next
    effect_checks: tuple[EffectCheck, ...] = ()
    recoveries: tuple[RecoveryLook, ...] = ()
    spikes: tuple[Spike, ...] = ()  # the newest first; what carried them is quoted among the posts
    spread: Spread | None = None  # None without an event; its first story is quoted among the posts
    rising_terms: tuple[RisingTerm, ...] = ()
    week_parts: WeekParts | None = None  # None where the week or the usual is too thin
    reception: Reception | None = None  # None without a response to the newest event
    episodes: Episodes | None = None  # None without an earlier event to compare with
    kinds: tuple[StoredCount, ...] = ()
    languages: tuple[StoredCount, ...] = ()
    listening: Listening | None = None  # None where a report is built without its brand file
    appearance: Appearance = field(default_factory=Appearance)
    replaced: Replaced | None = None  # None for the first report on its week
    withdrawn: int = 0  # posts that were quoted when it was published and have been deleted since

    @property
    def report_id(self) -> str:
        """Under which the figures are published; the same figures and the same advice give the same id."""
        return f"{self.brand}-{self.week}-{self.fingerprint}"

    @property
    def primary(self) -> EffectRow | None:
        """The declared primary measure of the event on page one."""
        return self._judged("primary")

    @property
    def second(self) -> EffectRow | None:
        """The second declared measure of that event; net trust also where it may claim nothing."""
        first = self.primary
        others = [row for row in self.effects if first and row.event_id == first.event_id and row is not first]
        return self._judged("second") or next((row for row in others if row.measure == "net_trust"), None)

    def _judged(self, role: str) -> EffectRow | None:
        event_id = self.event.event_id if self.event else None
        return next((row for row in self.effects if row.event_id == event_id and row.role == role), None)
