"""Posts made up for measuring speed: as long, as varied and as rough as real ones, the same for the same seed.

What a cache, a gate or a short cut would gain on easy posts must not be measured. So lengths, the share of words that
VADER knows, of posts with a character outside ASCII and of posts that some rule of a theme has to look at lie within
what three sets of real posts show (tweets, reviews, a forum): medians of 27 to 364 characters, 5 to 11 %, 14 to 22 %
and 8 to 36 %. Words follow Zipf's law with a long tail of words that are seen once, and nearly all posts differ.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from flows.demo_texts import Writer

BRAND = "Velora"
NAMING = 0.3  # share of posts that name the brand
PRACTICES = 0.06  # share of posts with a sentence on data and AI practices
BLOCK = 20_000  # posts made at once; a block depends on the seed and on its own number alone
FIRST_DAY = datetime(2022, 1, 3)  # UTC, as the store keeps times
DAYS = 730
AUTHORS = 400_000
MEDIAN_WORDS, SPREAD, MOST_WORDS = 26, 0.75, 700

COMMON = """the to and a of in is it i for you that on my this with have not be are but was so they as all just at or me
do we if your what can when from up no will get about out now has like an how more there by one would them our time only
some who then don't been had even because their here still it's i'm any after than why back into over he she her his its
were did other new today people make see know go use also really very too much never always again off day app phone
update work works working using call thing things way want need every two last first week year before years since
version screen page open same try tried long next take come keep put down made got going something anything nothing
someone everyone where which while these those through should could does without until few between another each own most
data account setting settings button company service price month customer team support users user email number link
online video photo message send file files list line part place point question answer name word read write"""
SYLLABLES = """ba be bi bo bra bri ca ce cha co cra da de di do dra fa fe fi fo fla ga ge gi go gra ha he hi ho ja jo ka
ki ko la le li lo ma me mi mo na ne ni no pa pe pi po pra ra re ri ro sa se sha si so sta ta te ti to tra u va ve vi vo
wa we wi wo ya za ing er ed tion ly ment ness able"""
PLACES = [
    "Zürich",
    "Málaga",
    "São Paulo",
    "Kraków",
    "naïve",
    "café",
    "“quoted”",
    "it’s",
    "don’t",
    "–",
    "…",
    "東京",
    "Łódź",
]
EMOJI = ["😂", "😡", "❤️", "👍", "🙄", "🔥", "😭", "🤔", "💯", "🎉", "👎", "😍"]
MARKS = np.array([".", ".", ".", ".", "!", "?", "...", ",", ",", ",", "!!", " -", ":", ";"], dtype=object)


def vocabulary(random: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Words, and how often each is drawn: common English, VADER's lexicon, and a tail of made-up words."""
    lexicon = [word for word in SentimentIntensityAnalyzer().lexicon if word.isalpha()]
    moods = random.permutation(np.array(lexicon, dtype=object))
    syllables = SYLLABLES.split()
    parts = [[syllables[number] for number in row] for row in random.integers(0, len(syllables), (80_000, 5)).tolist()]
    sizes = random.integers(2, 6, len(parts)).tolist()
    tail = {"".join(part[:size]) for part, size in zip(parts, sizes, strict=True)}
    rare = np.array(sorted(tail), dtype=object)
    words = [
        np.array(COMMON.split(), dtype=object),
        moods,
        random.permutation(rare),
        np.array(PLACES + EMOJI, dtype=object),
    ]
    shares = (0.725, 0.065, 0.204, 0.006)
    weights = [share * zipf(len(group)) for share, group in zip(shares, words, strict=True)]
    return np.concatenate(words), np.cumsum(np.concatenate(weights))


def zipf(count: int) -> np.ndarray:
    weights = 1 / (np.arange(count) + 4.0)
    result: np.ndarray = weights / weights.sum()
    return result


def texts(posts: int, seed: int = 0) -> Iterator[list[str]]:
    """Texts in blocks."""
    words, edges = vocabulary(np.random.default_rng([seed, 0]))
    for block in range(-(-posts // BLOCK)):
        random = np.random.default_rng([seed, 1, block])
        yield make_block(random, words, edges)[: posts - block * BLOCK]


def make_block(random: np.random.Generator, words: np.ndarray, edges: np.ndarray) -> list[str]:
    lengths = np.clip(np.exp(random.normal(np.log(MEDIAN_WORDS), SPREAD, BLOCK)), 1, MOST_WORDS).astype(int)
    drawn = words[np.minimum(np.searchsorted(edges, random.random(lengths.sum())), len(words) - 1)]
    marked = np.flatnonzero(random.random(len(drawn)) < 0.11)
    drawn[marked] = drawn[marked] + random.choice(MARKS, len(marked))
    shouted = np.flatnonzero(random.random(len(drawn)) < 0.012)
    drawn[shouted] = [str(word).upper() for word in drawn[shouted]]
    numbered = np.flatnonzero(random.random(len(drawn)) < 0.015)
    drawn[numbered] = random.integers(0, 100_000, len(numbered)).astype(str).astype(object)
    all_words = drawn.tolist()
    written, at = [], 0
    chances = random.random((BLOCK, 4))
    numbers = random.integers(0, 10**7, BLOCK)
    sentences = practice_sentences(random)
    for post, length in enumerate(lengths.tolist()):
        parts = all_words[at : at + length]
        at += length
        parts[0] = parts[0].capitalize()
        naming, practices, link, handle = chances[post]
        if naming < NAMING:
            parts.insert(length // 3, f"@{BRAND}" if naming < 0.05 else BRAND)
        if practices < PRACTICES:
            parts.append(sentences[int(practices / PRACTICES * len(sentences))])
        if link < 0.2:
            parts.append(f"https://t.example/{numbers[post]:x}")
        if handle < 0.25:
            parts.insert(0, f"@user{numbers[post]}")
        written.append(" ".join(parts))
    return written


def practice_sentences(random: np.random.Generator) -> list[str]:
    """Sentences on practices as the demo has them."""
    writer = Writer(random)
    topics = [f"practices.{theme}" for theme in writer.phrases["practices"]]
    return [
        writer.compose("forum", topics[number % len(topics)], stance, BRAND, "Orbit")
        for number, stance in enumerate(random.integers(-1, 2, 400).tolist())
    ]


def write_ndjson(path: Path, posts: int, seed: int = 0) -> None:
    """A file of posts in no order of time: id, user, created_at, text, lang, likes."""
    with path.open("w", encoding="utf-8") as file:
        for block, made in enumerate(texts(posts, seed)):
            random = np.random.default_rng([seed, 2, block])
            seconds = random.integers(0, DAYS * 86_400, len(made)).tolist()
            users = (AUTHORS * random.random(len(made)) ** 2).astype(int).tolist()
            likes = random.geometric(0.2, len(made)).tolist()
            for number, text in enumerate(made):
                moment = FIRST_DAY + timedelta(seconds=seconds[number])
                record = {
                    "id": str(1_500_000_000_000_000_000 + block * BLOCK + number),
                    "user": f"writer_{users[number]}",
                    "created_at": f"{moment.isoformat()}Z",
                    "text": text,
                    "lang": "en",
                    "likes": likes[number],
                }
                file.write(json.dumps(record, ensure_ascii=False) + "\n")
