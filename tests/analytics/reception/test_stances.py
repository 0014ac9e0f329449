"""What a post says of a company's response, by rules: written examples, and what only sounds like one."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from analytics.reception import STANCES, read_stances, rules_hash
from analytics.reception.rules import read_reception_rules

NAMES = ("Lumio", "@lumioapp")

ACCEPTS = (
    "Lumio's blog post is clear enough for me",
    "Good that Lumio answered within a day, others would have waited it out",
    "They finally listened. Staying.",
    "The CEO apologised on Monday. Fair enough, everybody slips.",
    "Lumio took the clause out of the terms, thank you",
    "I read their statement on training and I am satisfied",
    "Kudos: after the backlash they walked it back, and the statement by the company says so in plain words",
    "Apology accepted, back to work",
)
REJECTS = (
    "Their blog post explains nothing, the terms still allow training on our calls",
    "A blog post is no contract, Lumio",
    "Lumio's CEO apologised. Too little, too late.",
    "Non-apology of the year",
    "The statement from Lumio is not reassuring at all",
    "Lumio says trust us on AI training. No.",
    "They only dropped the clause from the terms because they got caught",
    "this is damage control and nothing else",
    "I don't believe a word of Lumio's official response",
    "Lumio's clarification isn't good enough, I want it in the contract",
)
NEITHER = (
    "Lumio has published a post about AI training and consent",
    "In response to the outcry they changed section ten",
    "can we go back to Lumio now that the clause is gone?",
    "They answered that calls are not used without consent. Then why do the terms say something else?",
    "Official statement: calls are not used. Fair enough, but the terms still say otherwise",  # both
)
SILENT = (
    "the response time of the app is bad",
    "Lumio support responded within a day, thanks",
    "Lumio never replied to my ticket",
    "no response from Lumio when I click the button",
    "apologies if this was asked before, how do I mute?",
    "my apologies, I was on mute in the Lumio call",
    "I wrote a blog post about breakout rooms in Lumio",
    "my bank statement shows that Lumio charged me twice",
    "the Lumio privacy statement is twelve pages long",
    "our emergency response team meets on Lumio",
    "can someone from Lumio clarify the terms please?",
    "Lumio says no data connection while everything else is fine",
    "Lumio takes our calls to train models, thank you very much",
    "we are leaving until the terms are rewritten",
    "they say the new terms allow training on our calls",
    "Lumio promised a dark mode two years ago",
    "I am glad that I found an alternative to Lumio",
    "",
)


@pytest.mark.parametrize(
    ("text", "stance"),
    [
        *((text, "accepts") for text in ACCEPTS),
        *((text, "rejects") for text in REJECTS),
        *((text, "neither") for text in NEITHER),
        *((text, "silent") for text in SILENT),
    ],
)
def test_a_post_is_read_as_a_person_reads_it(text: str, stance: str) -> None:
    """Whether it speaks of the response, and what it says; praise and blame of anything else are none of either."""
    assert read_stances([text], NAMES)[0].stance == stance


def test_sarcasm_is_not_heard() -> None:
    """A known limit, told in docs/reception.md: rules over words take it as it is written."""
    assert read_stances(["Oh great, another blog post. Thanks, I feel so much better"], NAMES)[0].stance == "accepts"


def test_the_brand_is_known_by_its_own_names() -> None:
    """Another company's answer is no response of this one; names may hold what a query would read as a sign."""
    text = ["Tandrel responded at once"]
    assert read_stances(text, NAMES)[0].stance == "silent"
    assert read_stances(text, ("Tandrel",))[0].stance == "neither"
    assert read_stances(['"X" OR responded'], ('"X" OR',))[0].stance == "neither"
    assert read_stances(["the company responded at once"], ("!!!",))[0].stance == "neither"
    assert rules_hash(NAMES) != rules_hash(("Tandrel",))


def test_evidence_is_the_words_that_speak_of_the_response() -> None:
    """Folded; a silent post has none, and every answer is one of the four."""
    found = read_stances([*ACCEPTS, *SILENT], NAMES)
    assert found[0].evidence == "blog post"
    assert {each.evidence for each in found[len(ACCEPTS) :]} == {""}
    assert {each.stance for each in found} <= set(STANCES)


def test_a_broken_file_of_rules_is_told_in_one_line(tmp_path: Path) -> None:
    """Which entry, and what is wrong with it."""
    path = tmp_path / "rules.toml"
    path.write_text('[lists]\n[mention]\nrules = ["{nobody}"]\nnot_phrases = []\n', "utf-8")
    with pytest.raises(ValueError, match=r"rules\.toml: entry mention: there is no list 'nobody'"):
        read_reception_rules(NAMES, path)
    path.write_text("[lists]\na = '{b}'\nb = 'x'\n", "utf-8")
    with pytest.raises(ValueError, match=r"rules\.toml: list a: there is no list 'b' before it"):
        read_reception_rules(NAMES, path)


def test_reviews_that_speak_of_no_response_are_silent(shared_data: Path) -> None:
    """Of 3,750 real reviews, none of which speaks of a response, at most 2 in 1,000 are taken for one."""
    with (shared_data / "zoom_play_reviews" / "zoom.csv").open(encoding="utf-8", newline="") as file:
        texts = [row["content"] for row in csv.DictReader(file)]
    taken = sum(each.stance != "silent" for each in read_stances(texts, ("Zoom", "zoom.us")))
    assert taken <= 0.002 * len(texts)
