"""How often is a speaker told right? Precision and recall on the half of the labelled posts that no rule has seen.

Run as `python -m tests.bench.speakers`. The labels go by the post's words and the display name; the rules
have the words only, since the store holds no names. So a headline by "The Something Herald" stays unknown.
"""

from __future__ import annotations

from collections import Counter

from analytics.intervals import share_interval
from analytics.speakers import find_speakers
from tests.labelled.labelled_files import read_rows

SPEAKERS = ("official", "press", "leaving", "administrator", "customer", "unknown")


def main() -> None:
    """Print the table for the half that was held out."""
    rows = read_rows("speakers.csv", ["id", "author", "text", "speaker", "half"])
    held_out = [row for row in rows if row["half"] == "held_out"]
    found = find_speakers([row["text"] for row in held_out])
    pairs = Counter((row["speaker"], speaker) for row, speaker in zip(held_out, found, strict=True))
    print(f"{len(held_out)} posts, held out")
    print(f"{'speaker':<14}{'posts':>6}{'found':>6}{'right':>6}{'precision':>10}{'95 %':>14}{'recall':>8}")
    for name in SPEAKERS:
        right = pairs[name, name]
        said = sum(count for (_, told), count in pairs.items() if told == name)
        there = sum(count for (label, _), count in pairs.items() if label == name)
        [low], [high] = share_interval([right], [said]) if said else ([0.0], [1.0])
        precision = f"{right / said:.2f}" if said else "–"
        print(
            f"{name:<14}{there:>6}{said:>6}{right:>6}{precision:>10}{f'{low:.2f}–{high:.2f}':>14}{right / there:>8.2f}"
        )
    named = sum(count for (_, told), count in pairs.items() if told != "unknown")
    right = sum(pairs[name, name] for name in SPEAKERS[:-1])
    print(f"all that is told: {right} of {named} right")


if __name__ == "__main__":
    main()
