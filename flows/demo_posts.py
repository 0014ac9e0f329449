"""The posts of the demo: who writes about which invented brand, when, where and in which mood.

Around the story told in `demo_sample.py` stands what makes real posts hard to read: regulars who write week after
week, moods that all brands share, weekends, copied spam, other languages, everyday "data" and "training", and texts
that break careless programs.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

import numpy as np
import numpy.typing as npt

from brands.brand_file import BrandFile
from flows.demo_texts import Writer

SOURCES = ("forum", "app_reviews", "microblog")
POSTS_A_DAY = np.array(  # brand × source, in the order of the brand file and of SOURCES
    [[4.1, 4.5, 8.0], [1.4, 1.6, 2.5], [1.2, 1.4, 2.1], [1.0, 1.2, 1.8], [0.9, 1.1, 1.6]]
)
LEANING = np.array([0.10, 0.00, 0.20, -0.10, 0.25])  # a brand's usual mood, in logits
WEEKDAYS = np.array([1.15, 1.18, 1.12, 1.10, 1.00, 0.75, 0.70])
HOURS = np.array([1, 1, 1, 1, 1, 2, 3, 5, 8, 9, 9, 8, 7, 8, 8, 8, 7, 6, 6, 7, 7, 5, 3, 2]) / 123
SHARED_NEWS = (date(2022, 10, 3), date(2023, 1, 30), date(2023, 6, 12), date(2024, 2, 5))  # bad weeks for every brand
REGULARS = (1_500, 1, 2_600)  # by source; nobody reviews an app twice
ONE_OFF = np.array([0.3, 1.0, 0.3])  # by source: share of posts whose author is seen once
PRACTICES = {
    "data_collection": 0.16, "data_sharing": 0.15, "security": 0.18, "surveillance": 0.10, "retention": 0.10,
    "transparency": 0.07, "consent": 0.05, "opt_out": 0.04, "legal": 0.05, "leaving": 0.02, "trust": 0.03,
    "ai_training": 0.05,
}  # fmt: skip
OTHER_LANGUAGES = ("de", "es", "fr", "pt", "ja")
STARS = {-1: (0.60, 0.28, 0.12, 0.0, 0.0), 0: (0.0, 0.10, 0.50, 0.40, 0.0), 1: (0.0, 0.0, 0.0, 0.30, 0.70)}
SPAM = ((date(2022, 9, 14), 2, "microblog"), (date(2023, 3, 8), 0, "forum"), (date(2023, 12, 12), 0, "microblog"))
HANDLES = (
    ("quiet", "amber", "tiny", "brisk", "blue", "odd", "north", "paper", "slow", "wild", "plain", "late"),
    ("otter", "kettle", "maple", "comet", "ledger", "pixel", "heron", "button", "harbor", "violin", "pepper", "tram"),
)

Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


@dataclass(slots=True)
class Post:
    """One post before it is written in its platform's own columns. `source` and `brand` count in the order above."""

    moment: datetime
    source: str
    brand: int
    text: str
    topic: str
    stance: int
    author: str = ""
    lang: str = "en"
    stars: int = 0
    loudness: float = 0.0  # log of the likes to expect


@dataclass(frozen=True, slots=True)
class Story:
    """The brand file as the generator needs it; days count from the sample's first."""

    brand_file: BrandFile
    first_day: date
    days: int

    @property
    def names(self) -> list[str]:
        return [self.brand_file.name, *(peer.name for peer in self.brand_file.peers)]

    def day(self, moment: date | None) -> int:
        if moment is None:
            raise ValueError("the last event of the demo needs noticed, responded and reversed")
        return (moment - self.first_day).days

    @property
    def noticed(self) -> int:
        return self.day(self.brand_file.events[-1].noticed)

    @property
    def responded(self) -> int:
        return self.day(self.brand_file.events[-1].responded)

    @property
    def reversed(self) -> int:
        return self.day(self.brand_file.events[-1].reversed)

    def collected(self) -> npt.NDArray[np.bool_]:
        """days × sources: whether the collector ran."""
        ran = np.ones((self.days, len(SOURCES)), dtype=bool)
        for source in self.brand_file.sources:
            for gap in source.gaps:
                since, until = (max(self.day(moment.date()), 0) for moment in (gap.since, gap.until))
                ran[since:until, SOURCES.index(source.name)] = False
        return ran


def outcry(story: Story) -> Floats:
    """Posts about the clause on each day, as a multiple of the brand's usual posts: a burst, then a long tail."""
    since = np.arange(story.days) - story.noticed
    return np.where(since >= 0, 0.80 * np.exp(-since / 6.0) + 0.18 * np.exp(-since / 25.0), 0.0)


def mood(story: Story, random: np.random.Generator) -> Floats:
    """days × brands, in logits: usual leaning, weeks that all share, weeks of a brand's own, and the aftermath."""
    weeks = story.days // 7
    shared = _drift(random, weeks, 1, 0.08)
    own = _drift(random, weeks, len(story.names), 0.07)
    for monday in SHARED_NEWS:
        if 0 <= story.day(monday) < story.days:
            shared[story.day(monday) // 7] -= 0.3
    result = LEANING + np.repeat(shared + own, 7, axis=0)
    since = np.arange(story.days) - story.noticed
    # Beyond the posts about the clause itself, the rest of the talk is cooler too, and warms up slowly.
    result[:, 0] -= np.where(since >= 0, 0.10 + 0.45 * np.exp(-np.maximum(since - 21, 0) / 25.0), 0.0)
    return result


def _drift(random: np.random.Generator, weeks: int, columns: int, spread: float) -> Floats:
    """weeks × columns of a first-order autoregression: a mood outlasts its week."""
    steps = random.normal(0.0, spread, (weeks, columns))
    for week in range(1, weeks):
        steps[week] += 0.5 * steps[week - 1]
    return steps


def everyday_posts(story: Story, random: np.random.Generator, writer: Writer) -> Iterator[Post]:
    """What people write anyway, and what they write about the clause."""
    days, brands = story.days, len(story.names)
    calendar = np.arange(days)
    weekday = WEEKDAYS[(calendar + story.first_day.weekday()) % 7]
    volume = weekday * np.exp(np.repeat(_drift(random, days // 7, 1, 0.08), 7, axis=0)[:, 0])
    rate = POSTS_A_DAY[None, :, :] * volume[:, None, None] * story.collected()[:, None, :]
    clause = rate[:, 0, :] * outcry(story)[:, None] * np.array([1.0, 0.7, 1.3])  # reviews come last
    counts = np.concatenate([random.poisson(rate), random.poisson(clause)[:, None, :]], axis=1)
    day, brand, source = (np.repeat(index.ravel(), counts.ravel()) for index in np.indices(counts.shape))
    about_clause = brand == brands
    brand = np.where(about_clause, 0, brand)
    n = len(day)
    author, temper = _authors(random, brand, source, np.maximum(ONE_OFF[source], 0.55 * about_clause))
    kind = random.random(n)
    practices = ~about_clause & (kind < 0.05)
    topics = np.select(
        [about_clause, practices, kind < 0.11, kind < 0.16, kind < 0.19],
        ["clause", "practices", "everyday", "comparison", "elsewhere"],
        "product",
    )
    anger = np.where(day < story.reversed, 2.6, 1.5)
    latent = mood(story, random)[day, brand] + temper + random.logistic(size=n)
    latent -= np.where(about_clause, anger, np.where(practices, 0.8, 0.0))
    stances = np.where(latent > 0.45, 1, np.where(latent < -1.05, -1, 0))
    phase = random.random(n)
    themes = random.choice(list(PRACTICES), p=list(PRACTICES.values()), size=n)
    others = (brand + random.integers(1, brands, n)) % brands
    languages = np.where(random.random(n) < 0.05, random.choice(OTHER_LANGUAGES, n), "en")
    seconds = random.choice(24, size=n, p=HOURS) * 3600 + random.integers(0, 3600, n)
    stars = _stars(random, stances)
    loudness = random.normal(0.2, 1.2, n) + about_clause
    start = datetime.combine(story.first_day, time(), UTC)
    names = story.names
    for i in range(n):
        topic = str(topics[i])
        if topic == "clause":
            topic = _phase(story, int(day[i]), float(phase[i]))
        elif topic == "practices":
            topic = f"practices.{themes[i]}"
        where, language = SOURCES[source[i]], str(languages[i]) if topic != "elsewhere" else "en"
        stance = int(stances[i])
        yield Post(
            moment=start + timedelta(days=int(day[i]), seconds=int(seconds[i])),
            source=where,
            brand=-1 if topic == "elsewhere" else int(brand[i]),
            text=writer.compose(where, topic, stance, names[brand[i]], names[others[i]], language),
            topic=topic,
            stance=stance,
            author=_handle(int(author[i])),
            lang=language,
            stars=int(stars[i]),
            loudness=float(loudness[i]),
        )


def _phase(story: Story, day: int, draw: float) -> str:
    """What a post about the clause answers to: the clause, the company's reply, or its retreat."""
    if day >= story.reversed:
        return "reversal" if draw < 0.65 else "notice"
    return "response" if day >= story.responded and draw < 0.4 else "notice"


def _authors(
    random: np.random.Generator, brand: Integers, source: Integers, one_off: Floats
) -> tuple[Integers, Floats]:
    """For each post an author's number and lasting temper (logits): few write much and return, many are seen once."""
    first = np.concatenate([[0], np.cumsum(REGULARS)])
    author = np.empty(len(brand), dtype=np.int64)
    for s, regulars in enumerate(REGULARS):
        weights = 1.0 / (np.arange(regulars) + 2.0) ** 1.05
        for b in range(len(POSTS_A_DAY)):
            chosen = np.flatnonzero((source == s) & (brand == b))
            # Each brand has its own order of regulars: who writes most about one hardly mentions another.
            order = random.permutation(regulars)
            author[chosen] = first[s] + order[random.choice(regulars, size=len(chosen), p=weights / weights.sum())]
    new = random.random(len(brand)) < one_off
    author[new] = first[-1] + np.arange(new.sum())
    return author, random.normal(0.0, 0.6, first[-1] + len(brand))[author]


def _handle(number: int) -> str:
    first, second = HANDLES
    return f"{first[number % len(first)]}_{second[number // len(first) % len(second)]}_{number:04d}"


def _stars(random: np.random.Generator, stances: Integers) -> Integers:
    thresholds = np.cumsum([STARS[stance] for stance in (-1, 0, 1)], axis=1)[stances + 1]
    return np.asarray(1 + (random.random(len(stances))[:, None] > thresholds[:, :-1]).sum(axis=1), dtype=np.int64)


def planted_posts(story: Story, random: np.random.Generator, writer: Writer) -> Iterator[Post]:
    """Copied spam, a petition, the brand's own account, and texts that break careless programs."""
    names = story.names

    def moment(day: int) -> datetime:
        start = datetime.combine(story.first_day, time(), UTC)
        return start + timedelta(days=day, seconds=int(random.integers(6 * 3600, 22 * 3600)))

    for campaign, (since, brand, source) in enumerate(SPAM):
        text = writer.copies(campaign, names[brand], names[(brand + 1) % len(names)])
        for copy in range(45 if story.day(since) >= 0 else 0):
            day = story.day(since) + int(random.integers(0, 3))
            yield Post(moment(day), source, brand, text, "spam", 1, author=f"deal_finder_{campaign}{copy % 4}")
    for signer in range(25):
        day = story.noticed + int(random.integers(1, 6))
        author = f"signer_{signer:03d}"
        yield Post(moment(day), "microblog", 0, writer.petition(names[0]), "notice", -1, author=author, loudness=1.5)
    collected = story.collected()[:, SOURCES.index("microblog")]
    for occasion, days in {
        "tip": [day for day in range(3, story.days, 14) if collected[day]],
        "responded": [story.responded],
        "reversed": [story.reversed],
    }.items():
        for day in days:
            text = writer.official(occasion, names[0])
            yield Post(moment(day), "microblog", 0, text, "official", 1, author="lumioapp", loudness=3.0)
    *ordinary, with_nul, long = writer.hostile(names[0])
    for text, source in [
        *((text, SOURCES[i % len(SOURCES)]) for i, text in enumerate(ordinary)),
        (ordinary[0], "microblog"),
        (with_nul, "microblog"),
        (long, "forum"),
    ]:
        day = story.noticed - int(random.integers(10, 120))
        yield Post(moment(day), source, 0, text, "hostile", 0, author="careful_reader", stars=3)
