"""What the terms say of a claim, sentence by sentence and version by version."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.claims.clause_states import QUOTED_CHARACTERS, find_clause_states, state_on
from analytics.claims.terms_sentences import split_into_blocks, split_into_sentences
from brands.query import parse

TRAINING = parse('train* AND (model* OR "artificial intelligence")')
START = datetime(2023, 1, 1)
PLAIN = "# Terms\n\nYou may call us. We may share data.\n"
LICENCE = (
    PLAIN + "\n10.2 **Licence.** You agree that we may train [models](https://x.example/a?token=1) on calls. Fine.\n"
)
REFUSAL = PLAIN + "\n10.2 We do not use calls to train models.\n"


def sentences(text: str) -> list[str]:
    return [sentence for block in split_into_blocks(text) for sentence in split_into_sentences(block)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("One thing. Another thing!  A third?", ["One thing.", "Another thing!", "A third?"]),
        ("A sentence\nover two lines.", ["A sentence over two lines."]),
        ("# Heading\nText below.", ["Heading", "Text below."]),
        ("- one item\n- another", ["one item", "another"]),
        ("See *our* __policy__ and [the page](https://a.example/b?c=d).", ["See our policy and the page."]),
        ("Under U.S. law, e.g. the Act, it ends. Then more.", ["Under U.S. law, e.g. the Act, it ends.", "Then more."]),
        ("The rate is 3.5 Percent. It rises.", ["The rate is 3.5 Percent.", "It rises."]),
        ("snake_case stays, \\*this\\* too", ["snake_case stays, this too"]),
        ("", []),
        ("\n \n", []),
    ],
)
def test_sentences_are_found_without_their_markup(text: str, found: list[str]) -> None:
    """Paragraphs, list items and headings end a sentence; a link is its words."""
    assert sentences(text) == found


@given(st.text(alphabet="ab. \n#*[]()_-|\\\x00\u202e", max_size=200))
def test_no_word_of_a_text_is_lost_unless_it_is_a_links_target(text: str) -> None:
    """Whatever the markup, all letters outside of parentheses come out again, in their order."""
    kept = [letter for letter in text if letter in "ab"] if "](" not in text else None
    found = [letter for sentence in sentences(text) for letter in sentence if letter in "ab"]
    assert kept is None or found == kept


def test_a_state_holds_from_the_first_version_that_has_it() -> None:
    """Versions that differ elsewhere, or only in a link's token, begin no new state; another wording does."""
    texts = [PLAIN, LICENCE, LICENCE.replace("token=1", "token=2"), LICENCE + "\nMore.\n", REFUSAL, PLAIN]
    versions = [(START + timedelta(days=30 * number, hours=18), text) for number, text in enumerate(texts)]

    states = find_clause_states(reversed(versions), TRAINING)

    assert [(each.recorded_at, each.state) for each in states] == [
        (versions[0][0], "not_found"), (versions[1][0], "in_text"), (versions[4][0], "in_text"),
        (versions[5][0], "not_found"),
    ]  # fmt: skip
    assert states[1].quotations == ("You agree that we may train models on calls.",)
    assert states[2].quotations == ("10.2 We do not use calls to train models.",)


def test_the_clause_in_force_is_that_of_the_version_recorded_last_before_the_day() -> None:
    """A version recorded in the evening is in force from the next day on; before the first there is no text."""
    recorded = datetime(2023, 8, 11, 19, 15)
    states = find_clause_states([(datetime(2023, 4, 1), LICENCE), (recorded, REFUSAL)], TRAINING)

    assert state_on(states, date(2023, 4, 1)) is None
    assert state_on(states, date(2023, 4, 2)) == states[0]
    assert state_on(states, date(2023, 8, 11)) == states[0]
    assert state_on(states, date(2023, 8, 12)) == states[1]


@given(st.lists(st.sampled_from([PLAIN, LICENCE, REFUSAL, ""]), max_size=12))
def test_no_two_states_in_a_row_are_alike_and_each_version_is_in_the_state_of_its_day(texts: list[str]) -> None:
    """Read all together or one by one, a version's sentences are the same."""
    versions = [(START + timedelta(days=number), text) for number, text in enumerate(texts)]
    states = find_clause_states(versions, TRAINING)

    assert all(before.quotations != after.quotations for before, after in pairwise(states))
    for recorded_at, text in versions:
        found = state_on(states, recorded_at.date() + timedelta(days=1))
        assert found is not None
        (alone,) = find_clause_states([(recorded_at, text)], TRAINING)
        assert found.quotations == alone.quotations


def test_a_page_without_full_stops_is_quoted_in_part() -> None:
    """A quotation stays one that can be shown."""
    (state,) = find_clause_states([(START, "we train models " * 1_000)], TRAINING)
    assert [len(quotation) for quotation in state.quotations] == [QUOTED_CHARACTERS]


def test_real_terms_have_the_licence_and_then_its_refusal(shared_data: Path) -> None:
    """Zoom's terms around 11 August 2023: sentences on training before and after, and not the same."""
    folder = shared_data / "terms_history"
    pairs = sorted(path for path in folder.glob("*.before.md") if "zoom" in path.name.lower())
    clause = parse('("machine learning" OR "artificial intelligence") AND (train* OR tun*)')
    changed = 0
    for before in pairs:
        after = before.with_name(before.name.replace(".before.", ".after."))
        versions = [(START, before.read_text("utf-8")), (START + timedelta(days=1), after.read_text("utf-8"))]
        states = find_clause_states(versions, clause)
        changed += len(states) == 2 and all(state.quotations for state in states)
    assert changed
