"""The synthetic sample holds the story that the demo tells, and the traps around it."""

from __future__ import annotations

import csv
import gzip
import json
import re
import tomllib
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from brands.brand_file import BrandFile
from flows.demo_posts import Story, outcry
from flows.demo_sample import LAST_DAY, write_sample
from flows.demo_texts import Writer

REAL_COMPANIES = frozenset(
    {
        "adobe", "amazon", "anthropic", "bluejeans", "chatgpt", "cisco", "claude", "copilot", "discord",
        "dropbox", "facebook", "facetime", "firefox", "gemini", "gmail", "google", "gotomeeting", "instagram",
        "jitsi", "linkedin", "mastodon", "messenger", "meta", "microsoft", "mozilla", "netflix", "nvidia",
        "openai", "oracle", "reddit", "ringcentral", "salesforce", "samsung", "skype", "slack", "spotify",
        "telegram", "threads", "tiktok", "tumblr", "twitter", "uber", "webex", "whatsapp", "wikipedia", "yahoo",
        "youtube", "zoom",
    }
)  # fmt: skip
AI_TALK = re.compile(r"train\w* .{0,40}\b(ai|algorithms|models?)\b|\bai training|opt(ing)?[ -]out|\bconsent", re.I)


@dataclass(frozen=True)
class Read:
    """A post as it stands in an archive. `record` is the whole record."""

    source: str
    at: datetime
    text: str
    author: str
    record: dict[str, Any]


def read_archives(folder: Path) -> list[Read]:
    with (folder / "forum.csv").open(encoding="utf-8", newline="") as file:
        forum = [
            Read("forum", datetime.strptime(row["posted"], "%d-%m-%Y %H:%M"), row["body"], row["member"], row)
            for row in csv.DictReader(file)
        ]
    with gzip.open(folder / "app_reviews.ndjson.gz", "rt", encoding="utf-8", newline="\n") as file:
        records = [json.loads(line) for line in file]
    reviews = [
        Read("app_reviews", _utc(datetime.fromisoformat(record["reviewed_at"])), record["review"], "", record)
        for record in records
    ]
    rows = pq.read_table(folder / "microblog.parquet").to_pylist()
    microblog = [Read("microblog", _utc(row["posted_at"]), row["body"], row["author"], row) for row in rows]
    return [*forum, *reviews, *microblog]


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(tzinfo=None)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_sample(tmp_path_factory.mktemp("demo")).parent


@pytest.fixture(scope="module")
def posts(folder: Path) -> list[Read]:
    return read_archives(folder)


@pytest.fixture(scope="module")
def lumio(folder: Path) -> BrandFile:
    return BrandFile.model_validate(tomllib.loads((folder / "lumio.toml").read_text(encoding="utf-8")))


@pytest.fixture(scope="module")
def noticed(lumio: BrandFile) -> datetime:
    day = lumio.events[-1].noticed
    assert day is not None
    return datetime.combine(day, time())


def about(posts: list[Read], brand: str) -> list[Read]:
    """Posts that name a brand, or reviews of its product."""
    return [post for post in posts if re.search(brand, f"{post.text} {post.record.get('product', '')}", re.IGNORECASE)]


def between(posts: list[Read], since: datetime, days: int) -> list[Read]:
    return [post for post in posts if since <= post.at < since + timedelta(days=days)]


def share(posts: list[Read], pattern: re.Pattern[str]) -> float:
    return sum(bool(pattern.search(post.text)) for post in posts) / len(posts)


def read_files(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def test_a_seed_gives_the_same_bytes_every_time(tmp_path: Path) -> None:
    """Two runs with one seed write identical files; another seed writes other posts under the same brand file."""
    first, second, other = (
        read_files(write_sample(tmp_path / name, seed=seed, weeks=52).parent)
        for name, seed in (("first", 7), ("second", 7), ("other", 8))
    )
    assert first == second
    archives = {"forum.csv", "app_reviews.ndjson.gz", "microblog.parquet"}
    assert {name for name in first if first[name] != other[name]} == archives
    assert {name.partition("/")[0] for name in first} == {"lumio.toml", "synthetic_terms", *archives}


def test_the_sample_is_of_the_promised_size_and_span(posts: list[Read], lumio: BrandFile) -> None:
    """20,000 to 30,000 posts on five brands over 120 whole weeks that end in the past; thousands of different texts."""
    assert 20_000 <= len(posts) <= 30_000
    assert len({post.text.lower() for post in posts}) > 10_000
    assert max(post.at for post in posts).date() == LAST_DAY
    assert min(post.at for post in posts).date() == LAST_DAY - timedelta(days=120 * 7 - 1)
    for name in (lumio.name, *(peer.name for peer in lumio.peers)):
        assert len(about(posts, name)) > 2_000


def test_too_few_weeks_are_refused(tmp_path: Path) -> None:
    """A sample that would not hold all dates of the event is an error, not a story without its beginning."""
    with pytest.raises(ValueError, match="at least 52 weeks, not 51"):
        write_sample(tmp_path, weeks=51)


def test_the_brand_file_stands_beside_its_archives(folder: Path, lumio: BrandFile) -> None:
    """It validates, is marked synthetic, and every column that it maps exists in the archive that it names."""
    assert lumio.report.synthetic
    columns = {
        "forum": set((folder / "forum.csv").read_text(encoding="utf-8").splitlines()[0].split(",")),
        "app_reviews": set(
            json.loads(gzip.decompress((folder / "app_reviews.ndjson.gz").read_bytes()).split(b"\n")[0])
        ),
        "microblog": set(pq.read_schema(folder / "microblog.parquet").names),
    }
    for source in lumio.sources:
        assert source.path is not None
        assert (folder / source.path).is_file()
        assert source.columns is not None
        assert set(source.columns.model_dump(exclude_none=True).values()) <= columns[source.name]
    assert {source.match for source in lumio.sources} == {"query", "column"}
    products = next(source for source in lumio.sources if source.match == "column").brand_values
    assert set(products.values()) == {lumio.slug, *(peer.slug for peer in lumio.peers)}


def test_the_event_has_all_its_dates_in_their_order(lumio: BrandFile) -> None:
    """Noticed 18 weeks after the clause appeared, on a Sunday; answered after one day, taken back after five."""
    event = lumio.events[-1]
    assert event.clause_first_seen is not None
    assert event.noticed is not None
    assert (event.noticed - event.clause_first_seen).days // 7 == 18
    assert event.noticed.strftime("%A") == "Sunday"
    assert event.responded == event.noticed + timedelta(days=1)
    assert event.reversed == event.noticed + timedelta(days=5)


def test_nothing_is_collected_in_the_declared_gap(posts: list[Read], lumio: BrandFile, noticed: datetime) -> None:
    """Each source is silent for its three weeks, has posts in the weeks beside them, and is not near the event."""
    for source in lumio.sources:
        own = [post for post in posts if post.source == source.name]
        (gap,) = source.gaps
        assert gap.until - gap.since == timedelta(weeks=3)
        assert between(own, gap.since, 21) == []
        assert between(own, gap.since - timedelta(days=7), 7)
        assert between(own, gap.until, 7)
        assert noticed - gap.until > timedelta(weeks=40)


def test_attention_jumps_when_the_clause_is_noticed_and_not_when_it_appears(
    posts: list[Read], lumio: BrandFile, noticed: datetime
) -> None:
    """Talk of AI training, consent and opting out is rare before, rare after the clause, common after the notice."""
    own = about(posts, "lumio")
    usual = share(between(own, noticed - timedelta(weeks=40), 280), AI_TALK)
    clause = lumio.events[-1].clause_first_seen
    assert clause is not None
    assert usual < 0.03
    assert share(between(own, datetime.combine(clause, time()), 14), AI_TALK) < 0.04
    weeks = [share(between(own, noticed + timedelta(weeks=week), 7), AI_TALK) for week in (0, 1, 8)]
    assert weeks[0] > 0.30
    assert weeks[0] > weeks[1] > 4 * usual
    assert weeks[2] < weeks[1] / 2
    of_lumio = set(map(id, own))
    others = [post for post in posts if id(post) not in of_lumio]
    assert share(between(others, noticed, 14), AI_TALK) < 0.05


def test_net_sentiment_falls_for_weeks_and_mostly_comes_back(posts: list[Read], noticed: datetime) -> None:
    """As VADER reads it, the four weeks after the notice lie well below the eight before, weeks 8 to 20 do not."""
    analyzer = SentimentIntensityAnalyzer()

    def mean(since: datetime, weeks: int) -> float:
        texts = [post.text[:2_000] for post in between(about(posts, "lumio"), since, 7 * weeks)]
        return float(np.mean([analyzer.polarity_scores(text)["compound"] for text in texts]))

    before = mean(noticed - timedelta(weeks=8), 8)
    assert mean(noticed, 4) < before - 0.12
    assert before - 0.12 < mean(noticed + timedelta(weeks=8), 12) < before + 0.05


def test_stars_fall_with_the_mood(posts: list[Read], noticed: datetime) -> None:
    """Reviewers of Lumio give fewer stars in the four weeks after the notice than in the eight before."""
    reviews = [post for post in posts if post.record.get("product") == "Lumio Video Calls"]

    def stars(since: datetime, weeks: int) -> float:
        return float(np.mean([post.record["stars"] for post in between(reviews, since, 7 * weeks)]))

    assert {post.record["stars"] for post in reviews} == {1, 2, 3, 4, 5}
    assert stars(noticed, 4) < stars(noticed - timedelta(weeks=8), 8) - 0.15


def test_the_quiet_event_leaves_no_trace(posts: list[Read], lumio: BrandFile) -> None:
    """The retention rule changes, and as few people speak of recordings and deletion as before."""
    own, day = about(posts, "lumio"), lumio.events[0].noticed
    assert day is not None
    event, recordings = datetime.combine(day, time()), re.compile(r"recordings|delet", re.IGNORECASE)
    assert (
        share(between(own, event, 28), recordings)
        < share(between(own, event - timedelta(weeks=8), 56), recordings) + 0.02
    )


def test_composed_texts_sound_like_what_they_are() -> None:
    """VADER reads most praise as praise, most complaints as complaints and most questions as neither; never all."""
    analyzer, writer = SentimentIntensityAnalyzer(), Writer(np.random.default_rng(5))

    def right(topic: str, stance: int) -> float:
        texts = [writer.compose("microblog", topic, stance, "Lumio", "Tandrel") for _ in range(400)]
        scores = np.array([analyzer.polarity_scores(text)["compound"] for text in texts])
        return float(np.mean(np.where(np.abs(scores) >= 0.05, np.sign(scores), 0) == stance))

    assert right("product", 1) > 0.75
    assert 0.6 < right("product", -1) < 1
    assert 0.5 < right("product", 0) < 1
    assert 0.6 < right("notice", -1) < 1


def test_every_slot_and_section_of_the_phrase_file_can_be_filled() -> None:
    """No template names a slot that does not exist, in any platform, topic, mood or language."""
    writer = Writer(np.random.default_rng(6))
    templates = json.dumps({name: part for name, part in writer.phrases.items() if name != "hostile"})
    used = set(re.findall(r"\{(\w+)\}", templates))
    assert used == {*writer.slots, "brand", "other"}
    topics = ["product", "everyday", "comparison", "notice", "response", "reversal", "elsewhere"]
    topics += [f"practices.{theme}" for theme in writer.phrases["practices"]]
    for topic in topics:
        for stance in (-1, 0, 1):
            for language in ("en", *writer.phrases["languages"]):
                for source in ("forum", "app_reviews", "microblog"):
                    text = writer.compose(source, topic, stance, "Lumio", "Tandrel", language)
                    assert text
                    assert not re.search(r"[{}]", text)


def test_no_real_company_is_named(folder: Path, posts: list[Read]) -> None:
    """Neither in a post, a title or a handle, nor in the brand file."""
    written = " ".join(f"{post.text} {post.author} {post.record.get('subject', '')}" for post in posts)
    words = set(re.findall(r"\w+", f"{written} {(folder / 'lumio.toml').read_text(encoding='utf-8')}".lower()))
    assert words & REAL_COMPANIES == set()


def test_one_brand_name_is_a_word_of_praise_and_no_other(lumio: BrandFile) -> None:
    """Merrily shows what masking names is for; the other names mean nothing to VADER."""
    lexicon = SentimentIntensityAnalyzer().lexicon
    names = [lumio.name, *(peer.name for peer in lumio.peers)]
    assert [name for name in names if name.lower() in lexicon] == ["Merrily"]


def test_regulars_return_and_most_authors_are_seen_once(posts: list[Read]) -> None:
    """Some authors write in dozens of weeks, most in one: what breaks a statistic that counts posts as independent."""
    weeks: dict[str, set[int]] = defaultdict(set)
    for post in posts:
        if post.source == "microblog":
            weeks[post.author].add((post.at - datetime(2022, 1, 3)).days // 7)
    seen = Counter(len(set_) for author, set_ in weeks.items() if author != "lumioapp")
    assert sum(count for length, count in seen.items() if length >= 30) >= 10
    assert seen[1] > sum(seen.values()) / 2


def test_weekends_are_quieter(posts: list[Read]) -> None:
    """A weekday brings clearly more posts than a Saturday or a Sunday."""
    days = Counter(post.at.weekday() for post in posts)
    assert max(days[5], days[6]) < 0.8 * min(days[weekday] for weekday in range(4))


def test_the_traps_are_there(posts: list[Read]) -> None:
    """Everyday "data" and "training", names as words, copied spam and petition, other languages, the brand itself."""
    texts = Counter(post.text for post in posts)
    for trap in ("mobile data", "training session", "my screen", "lumio lamp", "merrily"):
        assert sum(count for text, count in texts.items() if trap in text.lower()) > 20, trap
    assert sum(count for text, count in texts.items() if "lifetime for free" in text or "refunds.example" in text) > 80
    assert any("Copy this to your page" in text and count >= 20 for text, count in texts.items())
    languages = Counter(post.record.get("language") or post.record.get("lang") for post in posts)
    assert set(languages) == {"en", "de", "es", "fr", "pt", "ja"}
    assert languages["en"] > 0.9 * len(posts)
    assert any(post.author == "lumioapp" for post in posts)


def test_hostile_texts_come_back_unchanged(posts: list[Read]) -> None:
    """Markup, formulas, SQL, a NUL, Arabic, Japanese and a very long text stand in the archives exactly as written."""
    written = {post.text for post in posts}
    hostile = Writer(np.random.default_rng(0)).hostile("Lumio")
    assert set(hostile) <= written
    assert any("\0" in text for text in hostile)
    assert max(map(len, hostile)) > 20_000
    for token in ('#import "', "$a$", "=HYPERLINK(", "'; DROP TABLE posts; --", "\r\n", "مكالماتي", "通話"):
        assert any(token in text for text in hostile), token


def test_an_answer_names_a_question_of_the_forum(posts: list[Read]) -> None:
    """Threads hold together: an answer's parent is a question that was asked no later, and is the thread's own id."""
    forum = {post.record["post_no"]: post for post in posts if post.source == "forum"}
    answers = [post for post in forum.values() if post.record["kind"] == "answer"]
    assert len(answers) > 1_000
    for answer in answers:
        question = forum[answer.record["reply_to"]]
        assert question.record["kind"] == "question"
        assert question.at <= answer.at
        assert answer.record["thread"] == question.record["post_no"]


def test_the_outcry_starts_on_the_day_of_the_notice_and_fades(lumio: BrandFile) -> None:
    """Zero up to the eve of the notice, largest on its day, and smaller every day after."""
    story = Story(lumio, LAST_DAY - timedelta(days=839), 840)
    talk = outcry(story)
    assert not talk[: story.noticed].any()
    assert (np.diff(talk[story.noticed :]) < 0).all()
