from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.effects.decomposition import FEWEST_RETURNING, Decomposition, decompose_change


def speaking(window: str, names: list[str], values: Any, **more: Any) -> pd.DataFrame:
    """Voices of one window, one post each, from one source in one language unless told otherwise."""
    plain = {"window": window, "voice": names, "source": "forum", "language": "en", "value": values, "weight": 1.0}
    return pd.DataFrame({**plain, **more})


def people(prefix: str, count: int) -> list[str]:
    return [f"{prefix}{number}" for number in range(count)]


def by_name(found: Decomposition) -> dict[str, float]:
    return {part.name: part.change for part in found.parts}


ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "window": st.sampled_from(["before", "after"]),
            "voice": st.sampled_from(people("a", 5)),
            "source": st.sampled_from(["forum", "blog", "shop"]),
            "language": st.sampled_from(["en", "de", None]),
            "value": st.floats(-100, 100) | st.none(),
            "weight": st.floats(0.001, 10) | st.just(0.0),
        }
    ),
    max_size=20,
)


@given(ROWS, st.sampled_from([0, 1, 4]))
def test_parts_add_up_to_the_raw_change(rows: list[dict[str, Any]], fewest: int) -> None:
    """Whatever people said, in whichever window, source and language: nothing is left over, and all are numbers."""
    columns = ["window", "voice", "source", "language", "value", "weight"]
    frame = pd.DataFrame(rows, columns=columns)
    found = decompose_change(frame, fewest_returning=fewest, resamples=0)
    told = frame[(frame["weight"] > 0) & frame["value"].notna()].astype({"value": float, "weight": float})
    if found.raw_change is None:
        assert set(told["window"]) != {"before", "after"}
        assert not found.parts
        return
    before, after = (
        np.average(side["value"], weights=side["weight"])
        for side in (told[told["window"] == "before"], told[told["window"] == "after"])
    )
    assert found.raw_change == pytest.approx(after - before, abs=1e-9)
    assert sum(part.change for part in found.parts) == pytest.approx(found.raw_change, abs=1e-9)


@given(ROWS, st.randoms(use_true_random=False))
def test_neither_order_nor_direction_favours_a_part(rows: list[dict[str, Any]], random: Any) -> None:
    """Rows in another order change nothing; swapping the windows turns every sign and swaps newcomers and leavers."""
    columns = ["window", "voice", "source", "language", "value", "weight"]
    there = decompose_change(pd.DataFrame(rows, columns=columns), fewest_returning=0, resamples=0)
    shuffled = random.sample(rows, len(rows))
    again = by_name(decompose_change(pd.DataFrame(shuffled, columns=columns), fewest_returning=0, resamples=0))
    turned = pd.DataFrame(rows, columns=columns)
    turned["window"] = turned["window"].map({"before": "after", "after": "before"})
    back = by_name(decompose_change(turned, fewest_returning=0, resamples=0))
    other = {"newcomers": "leavers", "leavers": "newcomers"}
    for name, change in by_name(there).items():
        assert again[name] == pytest.approx(change, abs=1e-9)
        assert back[other.get(name, name)] == pytest.approx(-change, abs=1e-9)


def test_a_change_that_newcomers_bring_is_given_to_newcomers() -> None:
    """In simulated crowds the returning authors' part is nothing within its Monte-Carlo error, as its interval says."""
    parts, held = [], 0
    for child in np.random.default_rng(20230806).spawn(40):
        lean = child.normal(20, 30, 300)
        said = [lean[:200] + child.normal(0, 20, 200), lean[100:] + child.normal(0, 20, 200)]
        said[1][100:] -= 30  # those who came
        frame = pd.concat(
            [speaking("before", people("a", 300)[:200], said[0]), speaking("after", people("a", 300)[100:], said[1])]
        )
        found = decompose_change(frame, resamples=200, seed=1)
        parts.append(by_name(found))
        returning = found.parts[0]
        held += returning.low is not None and returning.high is not None and returning.low <= 0 <= returning.high
    means = pd.DataFrame(parts).mean()
    errors = pd.DataFrame(parts).sem()
    assert abs(means["returning_authors"]) < 3 * errors["returning_authors"]
    assert abs(means["newcomers"] + 15) < 3 * errors["newcomers"]
    assert abs(means["leavers"]) < 3 * errors["leavers"]
    assert held >= 34


def test_a_change_that_everyone_makes_is_the_returning_authors_own() -> None:
    """Newcomers who speak as the others do by then are no reason: entry and exit are measured within their window."""
    names = people("a", 120)
    frame = pd.concat([speaking("before", names[:80], 10.0), speaking("after", names[40:], -10.0)])
    found = by_name(decompose_change(frame))
    assert found.pop("returning_authors") == pytest.approx(-20)
    assert all(part == pytest.approx(0) for part in found.values())


def test_a_source_that_joins_in_is_mix_and_no_change_of_mind() -> None:
    """Everyone says what they said; an unhappy shop begins to be heard: the fall is all source mix."""
    names = people("a", 60)
    shop = speaking("after", people("s", 60), -30.0, source="shop")
    frame = pd.concat([speaking("before", names, 10.0), speaking("after", names, 10.0), shop])
    found = by_name(decompose_change(frame))
    assert found.pop("source_mix") == pytest.approx(-20)
    assert all(part == pytest.approx(0) for part in found.values())


def test_a_language_that_grows_within_a_source_is_language_mix() -> None:
    """Two languages differ and neither changes; one is spoken more: the part of the languages' mix alone."""
    german = people("d", 60)
    frame = pd.concat(
        [
            speaking("before", people("a", 60), 10.0),
            speaking("before", german[:20], -10.0, language="de"),
            speaking("after", people("a", 60), 10.0),
            speaking("after", german, -10.0, language="de"),
        ]
    )
    found = by_name(decompose_change(frame))
    assert found.pop("language_mix") == pytest.approx(-5)
    assert all(part == pytest.approx(0) for part in found.values())


def test_authors_who_speak_more_often_are_no_change_of_mind() -> None:
    """The same people with the same views, the unhappy ones three times as often: activity, not what they say."""
    names = people("a", 80)
    lean = np.repeat([20.0, -20.0], 40)
    frame = pd.concat(
        [speaking("before", names, lean), speaking("after", names, lean, weight=np.repeat([1.0, 3.0], 40))]
    )
    found = by_name(decompose_change(frame))
    assert found["returning_authors"] == pytest.approx(0)
    assert found["returning_activity"] == pytest.approx(-10)


def test_under_thirty_returning_authors_the_question_cannot_be_answered() -> None:
    """The mix is told all the same; who changed is one part and not three, and the reason counts the authors."""
    few = FEWEST_RETURNING - 1
    frame = pd.concat(
        [speaking("before", people("a", 60), 10.0), speaking("after", people("a", few) + people("b", 40), -10.0)]
    )
    found = decompose_change(frame)
    assert not found.answered
    assert by_name(found) == pytest.approx({"voices": -20, "source_mix": 0, "language_mix": 0})
    assert "cannot be answered: 29 authors spoke in both windows, and 30 are needed" in found.reason


def test_returning_authors_who_are_nearly_all_alike_give_no_interval_of_who_changed() -> None:
    """None of forty spoke of the theme before: drawn anew none ever would, which looks surer than it is."""
    names, few = people("a", 40), np.arange(40) < 4
    others = np.arange(200) < 10
    frame = pd.concat(
        [
            speaking("before", names + people("b", 200), 100.0 * np.concatenate([few & False, others])),
            speaking("after", names, 100.0 * ~few),
        ]
    )
    found = decompose_change(frame)
    assert found.answered
    assert "Fewer than 5 of them differ" in found.reason
    assert {part.name for part in found.parts if part.low is not None} == {"source_mix", "language_mix"}
    assert found.low is not None
    several = frame.assign(value=100.0 * (np.arange(len(frame)) % 7 == 0))
    assert all(part.low is not None for part in decompose_change(several).parts)


def test_voices_without_a_known_author_are_told() -> None:
    """A post without an author is a voice that cannot return; the reason says which part of the voices that is."""
    known = speaking("before", people("a", 40), 1.0), speaking("after", people("a", 40), 1.0)
    posts = speaking("after", people("post:", 20), 1.0)
    frame = pd.concat([each.assign(known_author=True) for each in known] + [posts.assign(known_author=False)])
    found = decompose_change(frame)
    assert found.unknown_share == pytest.approx(1 / 3)
    assert "33 % of the voices have no known author" in found.reason


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([], "either window"),
        ([speaking("before", ["a"], 1.0)], "the window after the event"),
        ([speaking("after", ["a"], 1.0)], "the window before the event"),
        ([speaking("after", ["a"], float("nan")), speaking("before", ["a"], 1.0)], "the window after the event"),
    ],
)
def test_a_window_without_voices_is_a_reason(rows: list[pd.DataFrame], said: str) -> None:
    """Before the data or after it there is no change to split: no number, and a sentence."""
    frame = pd.concat(rows) if rows else speaking("before", [], [])
    found = decompose_change(frame)
    assert (found.raw_change, found.parts) == (None, ())
    assert said in found.reason


def test_one_author_gives_a_change_and_no_interval() -> None:
    """One person cannot be drawn anew; the parts still add up."""
    found = decompose_change(pd.concat([speaking("before", ["a"], 1.0), speaking("after", ["a"], 3.0)]))
    assert (found.raw_change, found.low, found.high) == (2.0, None, None)
    assert sum(part.change for part in found.parts) == pytest.approx(2)


def test_intervals_come_back_and_hold_the_change() -> None:
    """The same seed draws the same authors, and the change lies in its interval, which has a width."""
    random = np.random.default_rng(1)
    names = people("a", 200)
    frame = pd.concat(
        [speaking("before", names, random.normal(0, 20, 200)), speaking("after", names, random.normal(-5, 20, 200))]
    )
    found = decompose_change(frame, seed=3)
    assert found == decompose_change(frame, seed=3)
    assert found.low is not None
    assert found.high is not None
    assert found.low < (found.raw_change or 0) < found.high
    assert found != decompose_change(frame, seed=4)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"window": "during"}, "other than before and after"),
        ({"weight": -1.0}, "negative"),
        ({"value": float("inf")}, "infinite"),
        ({"value": "much"}, "not a number"),
        ({"value": 1e200}, "beyond"),
        ({"voice": None}, "a voice of its own"),
    ],
)
def test_a_table_that_cannot_be_read_says_why(change: dict[str, Any], said: str) -> None:
    """Whoever gives a wrong table gets one line that names the column."""
    frame = speaking("before", ["a", "b"], 1.0).assign(**change)
    with pytest.raises(ValueError, match=said):
        decompose_change(frame)
    with pytest.raises(ValueError, match="no column 'source'"):
        decompose_change(frame.drop(columns="source"))
