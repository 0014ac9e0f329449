"""How often is a speaker told right? Precision and recall on the half of the labelled posts that no rule has seen.

Run as `python -m tests.bench.speakers`. The labels go by the post's words and the display name; the rules
have the words only, since the store holds no names. So a headline by "The Something Herald" stays unknown.
"""

from __future__ import annotations

from collections import Counter

from analytics.intervals import share_interval
from analytics.speakers import find_speakers
from tests.bench.measurement import run
from tests.bench.tables import Table, note
from tests.labelled.labelled_files import read_rows

SPEAKERS = ("official", "press", "leaving", "administrator", "customer", "unknown")


def main() -> None:
    """Print the table for the half that was held out."""
    rows = read_rows("speakers.csv", ["id", "author", "text", "speaker", "half"])
    held_out = [row for row in rows if row["half"] == "held_out"]
    found = find_speakers([row["text"] for row in held_out])
    pairs = Counter((row["speaker"], speaker) for row, speaker in zip(held_out, found, strict=True))
    columns = {"speaker": "<14", "posts": ",", "found": ",", "right": ","}
    columns |= dict.fromkeys(("precision", "low", "high", "recall"), ".2f")
    table = Table(f"{len(held_out)} posts, held out; precision with its 95 % interval", columns)
    for name in SPEAKERS:
        right = pairs[name, name]
        said = sum(count for (_, told), count in pairs.items() if told == name)
        there = sum(count for (label, _), count in pairs.items() if label == name)
        [low], [high] = share_interval([right], [said]) if said else ([0.0], [1.0])
        table.add(name, there, said, right, right / said if said else None, low, high, right / there)
    named = sum(count for (_, told), count in pairs.items() if told != "unknown")
    right = sum(pairs[name, name] for name in SPEAKERS[:-1])
    note(f"all that is told: {right} of {named} right")


if __name__ == "__main__":
    run(main)
