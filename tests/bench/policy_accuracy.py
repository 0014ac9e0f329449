"""Is the direction of a change in terms told as a reader tells it? On our own pairs of passages before and after.

Run as `python -m tests.bench.policy_accuracy`. The pairs were written before the rules that they measure; those of the
half that is held out were run as a number only. `opposite` counts the worst kind of error: widens for narrows, or the
reverse. `silent` counts changes of a direction that are told as unclear.
"""

from __future__ import annotations

from collections.abc import Sequence

from tests.bench.measurement import run
from tests.bench.tables import Table
from tests.labelled.labelled_files import HALVES
from tests.labelled.policy_pairs import Pair, read_pairs

OPPOSITE = {"widens": "narrows", "narrows": "widens"}
Z = 1.96  # of a 95 % interval


def main() -> None:
    pairs = read_pairs()
    columns = {"half": "<9", **dict.fromkeys(("pairs", "right"), ","), **dict.fromkeys(("rate", "low", "high"), ".3f")}
    table = Table(
        "Direction of our own pairs: rate with its 95 % interval (Wilson)",
        {**columns, "opposite": ",", "silent": ","},
    )
    for half in HALVES:
        measured = [pair for pair in pairs if pair.half == half]
        table.add(half, *count(measured))
    table = Table("By what a pair tries, the half that is known", {"kind": "<18", "pairs": ",", "right": ","})
    known = [pair for pair in pairs if pair.half == "known"]
    for kind in sorted({pair.kind for pair in known}):
        here = [pair for pair in known if pair.kind == kind]
        table.add(kind, *count(here)[:2])


def count(pairs: Sequence[Pair]) -> tuple[int, int, float, float, float, int, int]:
    """How many pairs, how many right, their rate with low and high, how many opposite and how many silent."""
    told = [(pair.direction, pair.find_change().direction) for pair in pairs]
    right = sum(label == found for label, found in told)
    opposite = sum(OPPOSITE.get(label) == found for label, found in told)
    silent = sum(label != "unclear" and found == "unclear" for label, found in told)
    return len(pairs), right, right / len(pairs), *interval(right, len(pairs)), opposite, silent


def interval(right: int, number: int) -> tuple[float, float]:
    """Wilson's score interval of a share (Wilson 1927)."""
    share = right / number
    middle, spread = share + Z**2 / (2 * number), Z * ((share * (1 - share) + Z**2 / (4 * number)) / number) ** 0.5
    return (middle - spread) / (1 + Z**2 / number), (middle + spread) / (1 + Z**2 / number)


if __name__ == "__main__":
    run(main)
