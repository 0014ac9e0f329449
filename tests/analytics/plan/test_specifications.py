"""Which ways of asking are taken: the declared one and what is nearest to it, in an order that knows no results."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from analytics.plan.specifications import (
    BY_PRECISION,
    MOST,
    MOST_BY_PRECISION,
    RANKED,
    Choices,
    Specification,
    choose_specifications,
)

TRUST = Specification("vader_domain", BY_PRECISION, 8, 4, "all", "", "as_measured")
ATTENTION = Specification("vader_domain", RANKED, 8, 2, "all", "event", "as_measured")
MANY = [f"without peer{number}" for number in range(12)]


def choices(declared: Specification, **named: tuple[object, ...]) -> Choices:
    """Only the declared choice of all that is not named."""
    own = {
        "scorers": (declared.scorer,),
        "windows": ((declared.before, declared.after),),
        "peers": (declared.peers,),
        "themes": (declared.themes,),
        "voices": (declared.voices,),
    }
    return Choices(**{**own, **named})  # type: ignore[arg-type]


@st.composite
def anything(draw: st.DrawFn) -> Choices:
    """Any number of choices of each kind."""
    peers = draw(st.integers(0, 12))
    windows = [(before, after) for before in (4, 8, 12) for after in (2, 4)]
    return choices(
        ATTENTION,
        windows=tuple({(8, 2), *draw(st.sets(st.sampled_from(windows)))}),
        peers=("all", "none", *MANY[:peers]),
        themes=("event", *draw(st.sets(st.sampled_from(["practices", "without consent", "without opt_out"])))),
        voices=("as_measured", *draw(st.sets(st.sampled_from(["source_weights", "without_copies_and_officials"])))),
    )


@given(anything())
def test_the_declared_way_comes_first_and_the_nearest_follow(some: Choices) -> None:
    """No way twice, never more than the bound, and none farther away while a nearer one is left out."""
    taken, combinations = choose_specifications(ATTENTION, some)
    assert taken[0] == ATTENTION
    assert len(set(taken)) == len(taken) == min(combinations, MOST)
    changes = [each.count_changes(ATTENTION) for each in taken]
    assert changes == sorted(changes)
    assert changes.count(0) == 1
    assert all(each.themes == "event" or each.voices == "as_measured" for each in taken)


@given(anything(), st.randoms())
def test_the_order_of_choices_takes_no_other_ways(some: Choices, order: object) -> None:
    """Peers, themes and voices are a set: their order in the brand file decides nothing."""

    def shuffled(kind: tuple[str, ...]) -> tuple[str, ...]:
        rest = list(kind[1:])
        order.shuffle(rest)  # type: ignore[attr-defined]
        return kind[0], *rest

    other = Choices(
        some.scorers, some.windows[::-1], shuffled(some.peers), shuffled(some.themes), shuffled(some.voices)
    )
    assert choose_specifications(ATTENTION, other) == choose_specifications(ATTENTION, some)


def test_few_ways_are_weighed_and_the_rest_is_ranked() -> None:
    """What takes long is bounded by itself; every single change of one choice is there all the same."""
    some = choices(
        TRUST,
        scorers=("vader_domain", "vader"),
        windows=((4, 2), (4, 4), (8, 2), (8, 4)),
        peers=("all", "none", *MANY[:4]),
        voices=("as_measured", "source_weights", "without_copies_and_officials"),
    )
    taken, combinations = choose_specifications(TRUST, some)
    assert combinations == 2 * 6 * 6 * 3
    assert len(taken) == MOST
    assert sum(each.method == BY_PRECISION for each in taken) == MOST_BY_PRECISION
    one_change = [each for each in taken if each.count_changes(TRUST) == 1]
    assert len(one_change) == 1 + (1 + 2) + 5 + 2  # scorer; weeks after, ranked by 4 or 8 before; peers; voices


def test_weeks_before_are_no_choice_where_all_the_past_is_weighed() -> None:
    """By precision the same estimate would be counted three times; ranked it is another one."""
    taken, _ = choose_specifications(TRUST, choices(TRUST, windows=((4, 4), (8, 4), (12, 4))))
    assert sorted((each.method, each.before) for each in taken) == [
        (BY_PRECISION, 8),
        (RANKED, 4),
        (RANKED, 8),
        (RANKED, 12),
    ]


def test_one_choice_of_everything_is_one_way() -> None:
    """No peers, one theme, one source: the declared way stands alone."""
    assert choose_specifications(ATTENTION, choices(ATTENTION)) == ([ATTENTION], 1)
