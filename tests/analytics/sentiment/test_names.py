"""Names are masked where they stand as names, and nowhere else."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from analytics.sentiment import score
from analytics.sentiment.names import MASK, NameMask, normalise, spell

AIRLINES = NameMask(["United", "United Airlines", "@united", "Delta", "Wendy's", "best_buy"])


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("united lost my bag", f"{MASK} lost my bag"),
        ("thanks @United!", f"thanks {MASK}!"),
        ("#united #UnitedAirlines #united-airlines", f"{MASK} {MASK} {MASK}"),
        ("United Airlines’ crew", f"{MASK}’ crew"),
        ("United's staff, united’s app", f"{MASK} staff, {MASK} app"),
        ("(united/delta)", f"({MASK}/{MASK})"),
        ("wendy’s or Wendy's", f"{MASK} or {MASK}"),
        ("Best Buy, @best_buy, bestbuy", f"{MASK}, {MASK}, {MASK}"),
    ],
)
def test_a_name_is_masked_in_every_spelling(text: str, masked: str) -> None:
    """Any case, handle, hashtag, possessive and joined or hyphenated spelling is the name."""
    assert AIRLINES.mask(text) == masked


@pytest.mark.parametrize(
    "text", ["deltas", "reunited at last", "the best to buy", "unitedfail", "delta_force", "édelta"]
)
def test_a_word_that_holds_a_name_is_left(text: str) -> None:
    """A name inside another word is not the name."""
    assert AIRLINES.mask(text) == text


NAMED_BY = st.sampled_from(
    ["us", "kik", "us bank", "ıx", "x's", "'x", "straße", "σας", "éa", "1&1", "-x", "_x", "_-ik", "[x]", "u-s", "^k"]
)
NEAR_NAMES = st.sampled_from([*"uUsSſkKiIİıxX'’@#_- \né1&[]^σςΣß", "us", "kik", "bank", "KIK", "'s", "strasse", "1&1"])


@settings(max_examples=200, deadline=None)
@given(st.lists(NAMED_BY, min_size=1, max_size=4), st.lists(NEAR_NAMES, max_size=12).map("".join))
@example(["'x"], "’x ’X")
@example(["_x"], "@_x, x")
@example(["us"], "uſ")
@example(["-x", "yes"], "-x, - x")
def test_the_quick_pattern_finds_what_the_plain_one_says(names: list[str], text: str) -> None:
    """A name is what stands between no word characters, in any case, marks before it and a possessive after it."""
    plain = "|".join(r"[\s_-]*".join(spell(word) for word in re.split(r"[\s_-]+", name)) for name in normalise(names))
    expected = re.sub(rf"(?<!\w)[@#]*(?:{plain})(?:['’]s)?(?!\w)", MASK, text, flags=re.IGNORECASE)
    assert NameMask(names).mask(text).casefold() == expected.casefold()


def test_the_longest_name_is_masked_whole() -> None:
    """Of two names that begin alike the longer one is taken, so that nothing of it is left to score."""
    assert AIRLINES.mask("united airlines") == MASK


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("I HATE united", f"I HATE {MASK.upper()}"),
        ("I HATE UNITED", f"I HATE {MASK.upper()}"),
        ("I hate UNITED", f"I hate {MASK}"),
        ("I really HATE UNITED", f"I really HATE {MASK}"),
    ],
)
def test_a_name_is_neither_emphasis_nor_takes_it_away(text: str, masked: str) -> None:
    """The case of a name never decides whether the other words stand out by their capitals."""
    assert AIRLINES.mask(text) == masked


def test_capitals_of_a_name_do_not_change_the_score() -> None:
    """The same sentence scores the same whether the brand is written @united or UNITED."""
    scores = score(["I HATE @united", "I HATE UNITED", "I HATE United"], "vader_domain", ["united"])
    assert scores["compound"].nunique() == 1


def test_without_names_nothing_is_masked() -> None:
    """No names, or only empty ones, leave the text as it is."""
    assert NameMask([]).mask("united") == NameMask(["", " @ "]).mask("united") == "united"


def test_names_are_compared_without_case_sign_and_order() -> None:
    """Handle, hashtag and plain name are one name."""
    assert normalise(["@United", "united", "#UNITED", "Delta  Air Lines"]) == ("delta air lines", "united")


@given(
    st.text(alphabet="xyzXY'’-_ !+@#", max_size=60), st.lists(st.text(alphabet="xyzX'-_ !+@#", max_size=6), max_size=4)
)
def test_no_name_is_left_after_masking(text: str, names: list[str]) -> None:
    """Names are taken literally, whatever signs they hold: masking once leaves nothing to mask."""
    mask = NameMask(names)
    assert mask.mask(mask.mask(text)) == mask.mask(text)


@given(st.text(max_size=60), st.lists(st.text(alphabet="@# -_'!+", max_size=3), max_size=3))
def test_a_name_without_a_letter_masks_nothing(text: str, names: list[str]) -> None:
    """Signs alone are no name."""
    assert NameMask(names).mask(text) == text
