"""How often is a speaker told right? Precision and recall on the half of the labelled posts that no rule has seen.

Run as `python -m tests.bench.speakers`. The labels go by the post's words and the display name; the rules
have the words only, since the store holds no names. So a post that only its author's name explains stays unknown.
The posts of the second table were written by the one who then wrote the rules: they show what a change breaks.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from analytics.intervals import share_interval
from analytics.speakers import UNKNOWN, find_speakers
from tests.bench.measurement import run
from tests.bench.tables import Table, note
from tests.labelled.labelled_files import Row, half_of, read_rows

SPEAKERS = ("official", "press", "leaving", "administrator", "customer", "unknown")


def show(title: str, rows: Sequence[Row]) -> None:
    """Print precision, with its interval, and recall by speaker."""
    found = find_speakers([row["text"] for row in rows])
    pairs = Counter((row["speaker"], speaker) for row, speaker in zip(rows, found, strict=True))
    columns = {"speaker": "<14", "posts": ",", "found": ",", "right": ","}
    columns |= dict.fromkeys(("precision", "low", "high", "recall"), ".2f")
    table = Table(f"{title}: {len(rows)} posts, held out; precision with its 95 % interval", columns)
    for name in SPEAKERS:
        right = pairs[name, name]
        said = sum(count for (_, told), count in pairs.items() if told == name)
        there = sum(count for (label, _), count in pairs.items() if label == name)
        [low], [high] = share_interval([right], [said]) if said else ([0.0], [1.0])
        table.add(name, there, said, right, right / said if said else None, low, high, right / there)
    named = sum(count for (_, told), count in pairs.items() if told != UNKNOWN)
    right = sum(pairs[name, name] for name in SPEAKERS[:-1])
    note(f"all that is told: {right} of {named} right")


def main() -> None:
    """Print the tables for the halves that were held out."""
    rows = read_rows("speakers.csv", ["id", "author", "text", "speaker", "half"])
    show("speakers.csv", [row for row in rows if row["half"] == "held_out"])
    rows = read_rows("speakers_known.csv", ["id", "text", "speaker"])
    show("speakers_known.csv", [row for row in rows if half_of(row["id"]) == "held_out"])


if __name__ == "__main__":
    run(main)
