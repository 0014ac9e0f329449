"""Who is speaking, by the post's own words."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.speakers import UNKNOWN, find_speakers
from analytics.speakers.finding import compile_readers
from analytics.speakers.rules import PATH, read_rules
from tests.labelled.labelled_files import half_of, read_rows

SAID = {
    "I work on the recorder here at Nubble and we don't train on it.": "official",
    "We're so sorry to hear that, Jo.": "official",
    "I'm a journalist looking for people who were affected.": "press",
    "Exclusive: the memo behind the change": "press",
    "Deleted my account this morning.": "leaving",
    "i've cancelled my subscription and so should you": "leaving",
    "We’ve left Nubble for good": "leaving",
    "I run the IT of a small museum and this is a headache.": "administrator",
    "As the head teacher I won't sign this, and my staff agree.": "administrator",
    "I've been paying for it since spring": "customer",
    "My daughter uses it for homework": "customer",
    "Nubble developer here: this is a bug, and it's mine.": "official",
    "We at Nubble would rather lose money than your trust.": "official",
    "Thanks for flagging this! We'll be back with an answer.": "official",
    "Nubble fined over school cameras": "press",
    "I'm a reporter with the Lorne Gazette and would like to talk to parents.": "press",
    "By Ada Quist, Staff Writer. The plan was dropped.": "press",
    "moved everything to Orchard last night and closed my account": "leaving",
    "I've dumped them for a firm that answers its mail.": "leaving",
    "not renewing, and told them so": "leaving",
    "IT manager at a brewery. We took weeks to find the switch.": "administrator",
    "We've blocked it on every laptop.": "administrator",
    "we're a small charity and cannot pay a lawyer to read this": "administrator",
    "Been a Nubble user for a decade, and it's been fine.": "customer",
    "as a paying subscriber I expected a letter": "customer",
    "I'm on the free plan and see adverts": "customer",
}

SAID_OF_OTHERS = (
    "They write “I deleted my account” and then they don't.",
    '"We are sorry to hear that," says the bot. Sure.',
    "If they do that, I'm out. Deleted my account once before.",
    "How do I find out who deleted my account?",
    "someone hacked in and deleted my account",
    "I uninstalled it. Then reinstalled it, still broken",
    "if I had used it I would complain too, I pay for this app every month though not really",
    "People who use it should read this",
    "Run it as an administrator and it opens",
    "My neighbour closed her account on Friday.",
    "They blocked it on every laptop.",
    "Dear Nubble team, we're sorry to hear that. Signed, everyone",
    "I left the page open all night.",
    "How to stop it from selling my words",
    "I was the IT manager of a mill, long ago.",
    "Who pays for that?",
    "Software engineer here, I have no idea either.",
    "great app",
    "",
    "👍",
)


@pytest.mark.parametrize(("text", "speaker"), SAID.items())
def test_who_says_what_they_are_is_believed(text: str, speaker: str) -> None:
    """A first person, or the start of a sentence without a subject, tells who speaks."""
    assert find_speakers([text]) == [speaker]


@pytest.mark.parametrize("text", SAID_OF_OTHERS)
def test_who_does_not_say_stays_unknown(text: str) -> None:
    """Others' words, conditions, questions and advice tell nothing of the one who writes."""
    assert find_speakers([text]) == [UNKNOWN]


def test_leaving_goes_before_administrator_and_customer() -> None:
    """Of two things that a post says the one first in the file counts."""
    assert find_speakers(["I've been paying for years. Cancelled today."]) == ["leaving"]
    assert [speaker.name for speaker in read_rules().speakers] == [
        "official",
        "press",
        "leaving",
        "administrator",
        "customer",
    ]


@settings(max_examples=20)
@given(st.permutations([*SAID, *SAID_OF_OTHERS]))
def test_neighbours_in_a_batch_change_nothing(texts: list[str]) -> None:
    """In whatever order texts come, each keeps its speaker."""
    assert find_speakers(texts) == [SAID.get(text, UNKNOWN) for text in texts]


def test_every_rule_says_why_it_may_be_believed() -> None:
    """Each rule carries a reason of some words."""
    rules = [rule for entry in tomllib.loads(PATH.read_text("utf-8"))["speakers"] for rule in entry["rules"]]
    assert [rule for rule in rules if len(rule["reason"]) < 7] == []


def test_no_rule_is_read_on_every_post() -> None:
    """Each rule needs some word, so that a post without any of them costs one search, not one a rule."""
    for text in (b"zzz", b"ZZZZ zzzz", b"", "\U0001f44d".encode()):
        assert not compile_readers().rules.Match(text, potential=True)


def test_a_part_is_made_of_those_before_it(tmp_path: Path) -> None:
    """Rules are about ways of saying; the words stand in the parts, which build on each other."""
    path = tmp_path / "rules.toml"
    path.write_text(
        '[parts]\na = "x|y"\nb = "(?:{a}) z"\n'
        '[[speakers]]\nname = "n"\nunless = "w"\nrules = [{ pattern = "{b} end", reason = "because of it" }]',
        "utf-8",
    )
    assert read_rules(path).speakers[0].patterns == ("(?:x|y) z end",)


@pytest.mark.parametrize("form", [str.upper, str.lower, str.strip, lambda text: text.replace("'", "’")])
def test_near_misses_stay_unknown_in_every_form(form: Callable[[str], str]) -> None:
    """Of the known half's posts that do not say who speaks, none is told, in whatever case it is typed."""
    rows = read_rows("speakers_known.csv", ["id", "text", "speaker"])
    texts = [row["text"] for row in rows if row["speaker"] == UNKNOWN and half_of(row["id"]) == "known"]
    assert [
        text for text, found in zip(texts, find_speakers([*map(form, texts)]), strict=True) if found != UNKNOWN
    ] == []


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ('[[speakers]]\nname = "a"\nunless = "x"\nrules = [{ pattern = "(" , reason = "why" }]', "speaker a"),
        ('[[speakers]]\nname = "a"\nunless = "x"\nrules = [{ pattern = "b" }]', "a pattern and a reason"),
        ('[[speakers]]\nname = "a"\nunless = "x"\nrules = [{ pattern = "{who}", reason = "why" }]', "no part {who}"),
        ('[[speakers]]\nname = "a"\nrules = []', "name, unless and rules"),
        ('[parts]\nb = "{c}"\nc = "d"\n', "part b: there is no part {c}"),
    ],
)
def test_a_faulty_file_of_rules_is_told_with_its_entry(tmp_path: Path, content: str, problem: str) -> None:
    """One line says which speaker and what is wrong."""
    path = tmp_path / "rules.toml"
    path.write_text(content, "utf-8")
    with pytest.raises(ValueError, match=r"rules\.toml: ") as raised:
        read_rules(path)
    assert problem in str(raised.value)
    assert "\n" not in str(raised.value)
