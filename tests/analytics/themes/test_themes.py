"""What a post is said to speak of."""

from __future__ import annotations

import random
import re
import tomllib
from pathlib import Path

import pandas as pd
import pytest

from analytics.themes import (
    practices_themes,
    read_taxonomy,
    tag,
    tag_data_classes,
    tag_with_evidence,
    taxonomy_version,
    theme,
)
from brands.folding import fold
from brands.query import parse

GOLDEN = tomllib.loads(Path(__file__).with_name("golden.toml").read_text(encoding="utf-8"))
THEMES = [
    *("ai_training", "consent", "opt_out", "data_sharing", "data_collection", "surveillance", "retention"),
    *("security", "transparency", "legal", "leaving", "trust"),
]


def test_the_themes_are_the_twelve_of_the_design() -> None:
    """Tables, brand files and reports name themes; a thirteenth or a missing one is a change for all of them."""
    assert list(read_taxonomy().themes) == THEMES
    assert list(read_taxonomy().data_classes) == ["customer_content", "service_generated", "account"]
    assert practices_themes() == set(THEMES) - {"leaving", "trust"}


@pytest.mark.parametrize("name", THEMES)
def test_posts_of_a_theme_are_found(name: str) -> None:
    """Each theme is found in at least six ways of speaking of it."""
    posts = GOLDEN[name]["is"]
    assert len(posts) >= 6
    missed = [post for post, themes in zip(posts, tag(posts), strict=True) if name not in themes]
    assert not missed


@pytest.mark.parametrize("name", THEMES)
def test_posts_with_the_same_words_and_another_meaning_are_not(name: str) -> None:
    """Mobile data, training sessions and shared screens are no theme."""
    posts = GOLDEN[name]["is_not"]
    assert len(posts) >= 6
    wrong = [post for post, themes in zip(posts, tag(posts), strict=True) if name in themes]
    assert not wrong


def test_a_post_on_nothing_has_no_theme_of_practices() -> None:
    """A single word of the subject does not make a post one about data and AI practices."""
    posts = GOLDEN["none"]["is_not"]
    wrong = [(post, themes) for post, themes in zip(posts, tag(posts), strict=True) if themes & practices_themes()]
    assert not wrong


def test_hard_negatives_of_one_theme_have_no_theme_of_practices() -> None:
    """What is not collection is not security either: a post on a data plan is not on practices at all."""
    posts = [post for name in ("ai_training", "data_collection", "data_sharing") for post in GOLDEN[name]["is_not"]]
    wrong = [(post, themes) for post, themes in zip(posts, tag(posts), strict=True) if themes & practices_themes()]
    assert not wrong


def test_no_texts_have_no_themes() -> None:
    """An empty batch is no special case for the caller."""
    assert tag([]) == tag_data_classes([]) == []
    assert tag_with_evidence([]).num_rows == 0


def test_evidence_stands_in_the_post() -> None:
    """Each tag shows the words that made it, as the post has them but for case, accents and punctuation."""
    posts = [post for entry in GOLDEN.values() for post in entry.get("is", [])]
    evidence = tag_with_evidence(posts).to_pylist()
    assert {(found["row"], found["theme"]) for found in evidence} == {
        (row, name) for row, themes in enumerate(tag(posts)) for name in themes
    }
    for found in evidence:
        assert found["evidence"] in re.sub(" +", " ", fold(posts[found["row"]]))
        assert len(found["evidence"]) > 1


FRAGMENTS = [post for entry in GOLDEN.values() for kind in entry.values() for post in kind]
FRAGMENTS += [
    "my data",
    "AI",
    "train",
    "without consent",
    "privacy",
    "ä",
    "é\x00",
    "opt",
    "out",
    "data plan",
    "don’t trust",
]


def test_tags_are_what_the_queries_say() -> None:
    """Asking all rules at once loses nothing: a rule means what it would mean as the query of a brand file."""
    chance = random.Random(1995)
    texts = ["\u3000".join(chance.choices(FRAGMENTS, k=chance.randrange(4))) for _ in range(100)]
    texts += [" ".join(chance.sample(post.split(), len(post.split()))) for post in FRAGMENTS[::2]]
    queries = {
        name: parse(" OR ".join(f"({rule})" for rule in entry.rules), entry.not_phrases)
        for name, entry in read_taxonomy().themes.items()
    }
    for text, themes in zip(texts, tag(texts), strict=True):
        assert themes == {name for name, query in queries.items() if query.matches(text)}


def test_accents_and_odd_characters_hide_nothing() -> None:
    """Text that must be folded before it can be searched is searched too, a lone surrogate included."""
    posts = ["they sëll oür dåta", "naïve\x00 they sell our data", "\ud800 they sell our data", "THEY  SELL\nOUR—DATA"]
    assert all("data_sharing" in themes for themes in tag(posts))


def test_only_the_first_characters_of_a_long_text_are_read() -> None:
    """What is matched and what is scored is the same part of a text."""
    assert tag(["x " * 10_000 + " they sell our data"]) == [frozenset()]


def test_the_class_of_data_is_asked_of_posts_on_practices_only() -> None:
    """A dropped call is no customer content, and a forgotten password no account data, until practices come up."""
    posts = [
        "They train AI on my recordings",
        "Telemetry collects my location data",
        "They sold our data, phone numbers and all",
        "My calls drop and my password does not work",
    ]
    assert tag_data_classes(posts) == [
        frozenset({"customer_content"}),
        frozenset({"service_generated"}),
        frozenset({"account"}),
        frozenset(),
    ]


def test_a_theme_tells_the_report_what_it_is() -> None:
    """Label, definition and the side of trustworthiness stand in the taxonomy, not in the report."""
    ai_training = theme("ai_training")
    assert (ai_training.label, ai_training.practices) == ("AI training", True)
    for entry in read_taxonomy().themes.values():
        assert entry.definition.endswith(".")
        assert entry.definition.count(".") == 1
    with pytest.raises(KeyError):
        theme("weather")


RULES = 'rules = ["one"]\nnot_phrases = []\n'
HEAD = 'name = "a"\nlabel = "A"\ndefinition = "A."\npractices = true\ntrust_in = "ability"\n'


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (f"[[themes]]\n{HEAD}{RULES}[[themes]]\n{HEAD}{RULES}", "'a' is defined twice"),
        (f"[[themes]]\n{HEAD}{RULES}colour = 1\n", "has the unknown key colour"),
        (f"[[themes]]\n{HEAD}", "lacks rules"),
        (
            f"[[themes]]\n{HEAD.replace('ability', 'luck')}{RULES}",
            "'luck'; write one of ability, ben",
        ),
        (f"[[themes]]\n{HEAD}{RULES.replace('one', '{two}')}", "there is no list 'two'"),
        (f"[[themes]]\n{HEAD}{RULES.replace('one', 'one AND (two')}", r"query, character 9"),
        (f"[[themes]]\n{HEAD}{RULES.replace('one', 'NOT one AND two')}", "cannot begin with NOT"),
    ],
)
def test_a_faulty_taxonomy_is_refused(tmp_path: Path, content: str, problem: str) -> None:
    """The error names the file, the entry and what is wrong."""
    path = tmp_path / "taxonomy.toml"
    path.write_text(content)
    with pytest.raises(ValueError, match=f"taxonomy.toml: .*{problem}"):
        read_taxonomy(path)


def test_the_version_follows_the_file(tmp_path: Path) -> None:
    """Posts are tagged anew when, and only when, the taxonomy changes."""
    path = tmp_path / "taxonomy.toml"
    path.write_text(f"[[themes]]\n{HEAD}{RULES}")
    assert re.fullmatch("[0-9a-f]{8}", taxonomy_version())
    assert read_taxonomy(path).version != taxonomy_version()


def test_zoom_reviews_of_the_terms_speak_of_ai_training(shared_data: Path) -> None:
    """The reviews of 7 and 24 August 2023 on the terms are found; used-up mobile data and free lessons are not."""
    reviews = pd.read_csv(shared_data / "zoom_play_reviews" / "zoom.csv").dropna(subset="content")
    text, day = reviews["content"], reviews["at"].str[:10]
    about_terms = day.isin(["2023-08-07", "2023-08-24"]) & text.str.contains(r"consent|terms", case=False)
    assert about_terms.sum() == 2
    assert all("ai_training" in themes for themes in tag(text[about_terms].tolist()))
    not_about = text[text.str.contains("drain my data|free training", case=False)].tolist()
    assert len(not_about) >= 2
    assert not [themes for themes in tag(not_about) if themes & practices_themes()]
