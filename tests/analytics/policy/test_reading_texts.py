"""From Markdown to sentences with their clauses."""

from __future__ import annotations

import pytest

from analytics.policy.document import Document, split_into_sentences
from analytics.policy.plain_text import drop_link_targets, shorten_links
from analytics.policy.provisions import find_company_names, name_as_we
from tests.analytics.policy.texts import TERMS, change_between


def sentences(text: str) -> list[str]:
    return [sentence.text for sentence in Document(text).sentences]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("We keep it. You may ask.", ["We keep it.", "You may ask."]),
        ("Acme Inc. may share data, e.g. names, with others.", ["Acme Inc. may share data, e.g. names, with others."]),
        ("See No. 5 of the U.S. Code. It applies.", ["See No. 5 of the U.S. Code.", "It applies."]),
        ("Is it ours? “Yes.” Then we say so.", ["Is it ours?", "“Yes.”", "Then we say so."]),
    ],
)
def test_sentences_end_where_they_do(text: str, expected: list[str]) -> None:
    """Abbreviations, initials and "No." before a number end none."""
    quoted = text.replace("“", '"').replace("”", '"')
    assert list(split_into_sentences(quoted)) == [one.replace("“", '"').replace("”", '"') for one in expected]


def test_markup_links_and_numbers_are_taken_off() -> None:
    """What remains is the words."""
    text = '**2\\.1 Our [_Guide_](https://a.example/x?y=1 "Guide")** &amp; more\n\n| a<br>b | **c** |\n| --- | --- |'
    assert sentences(text) == ["Our Guide & more", "a b", "c"]


def test_text_with_a_dash_in_it_keeps_all_its_words() -> None:
    """Only what stands at the beginning of a line is a bullet."""
    assert sentences("* We - and nobody else - keep it.") == ["We - and nobody else - keep it."]


def test_tokens_go_and_addresses_stay_until_links_are_dropped() -> None:
    """A query and a fragment are tokens of the visit."""
    text = "[a](https://a.example/b?c=d) [e](/f#g) https://h.example/?i"
    assert shorten_links(text) == "[a](https://a.example/b) [e](/f) https://h.example/"
    assert drop_link_targets(text).split() == ["a", "e"]


def test_a_sentence_knows_its_clause_and_what_leads_to_it() -> None:
    """Number and title of the clause; for an item of a list the sentence with the colon."""
    found = {sentence.text: sentence for sentence in Document(TERMS).sentences}
    assert found["We keep your data for one year."].clause == "2.2 Keeping"
    assert found["our affiliates; and"].lead == "We may share your data with:"
    assert found["We keep your data for one year."].lead == ""


def test_an_edited_sentence_shows_both_sides_and_their_clauses() -> None:
    """A few words differ: one pair, not one that went and one that came."""
    after = TERMS.replace("one year", "five years").replace("2.2", "3.1")
    (edited,) = change_between(TERMS, after).sentences
    assert (edited.before, edited.after) == ("We keep your data for one year.", "We keep your data for five years.")
    assert (edited.clause_before, edited.clause_after) == ("2.2 Keeping", "3.1 Keeping")
    assert edited.themes == ("retention",)


def test_the_company_is_known_by_the_names_that_the_text_gives_it() -> None:
    """A defined name reads "we", its possessive "our"; a product called after it does not."""
    names = find_company_names(
        'between you and Acme Ltd ("Acme Cloud," "we" or "us") and others ("Partner"). Acme may.'
    )
    assert names == {"Acme Cloud", "Acme"}
    assert name_as_we("Acme may read Acme's logs in Acme Mail.", names) == "we may read our logs in acme mail."


def test_a_new_recipient_in_a_list_of_recipients_widens_sharing() -> None:
    """An item of a list is read with the sentence that leads to it."""
    change = change_between(TERMS, TERMS.replace("* our affiliates; and", "* our affiliates;\n* advertisers; and"))
    assert (change.direction, change.themes) == ("widens", ("data_sharing",))


def test_sentences_stand_in_the_order_of_their_text() -> None:
    """What is added and removed can be read from top to bottom."""
    after = TERMS.replace("You choose a name", "We log it. You choose a name") + "\n\nAsk us.\n\nWe answer."
    assert change_between(TERMS, after).added == ("We log it.", "Ask us.", "We answer.")
    assert change_between(after, TERMS).removed == ("We log it.", "Ask us.", "We answer.")


def test_of_a_sentence_that_stands_twice_one_can_go() -> None:
    """Sentences are counted, not only looked up."""
    change = change_between(TERMS + "\n\nAsk us.\n\nAsk us.", TERMS + "\n\nAsk us.")
    assert (change.added, change.removed) == ((), ("Ask us.",))


def test_themes_of_an_edited_sentence_are_those_of_its_edited_parts() -> None:
    """A long sentence that also speaks of sale has no say in sale where only the time of keeping was edited."""
    before = "We do not sell your data to anyone; we keep your messages for one year; and you may write to us."
    change = change_between(before, before.replace("one year", "nine years"))
    assert change.themes == ("retention",)
    assert change.sentences[0].data_classes == ("customer_content",)
