"""Every theme found in the reviews of Zoom since July 2023 was read and judged by a person."""

from __future__ import annotations

import csv
import hashlib
import sys
from collections import Counter
from pathlib import Path

import pandas as pd
import pytest

from analytics.themes import practices_themes, tag_with_evidence

GOLDEN = Path(__file__).resolve().parents[2] / "golden" / "zoom_theme_hits.csv"
SINCE = "2023-07-01"
JUDGEMENTS = {"right", "wrong", "unclear"}


def read_judged() -> dict[tuple[str, str], str]:
    with GOLDEN.open(encoding="utf-8", newline="") as file:
        return {(row["review"], row["theme"]): row["judged"] for row in csv.DictReader(file)}


def test_every_hit_in_the_reviews_of_zoom_is_judged(shared_data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A rule that finds more in them cannot come in unread. Prints the precision of what is found today."""
    reviews = pd.read_csv(shared_data / "zoom_play_reviews" / "zoom.csv").dropna(subset="content")
    reviews = reviews[reviews["at"] >= SINCE]
    keys = [hashlib.sha256(review.encode()).hexdigest()[:16] for review in reviews["reviewId"]]
    found = tag_with_evidence(reviews["content"].tolist()).to_pylist()
    hits = [(keys[hit["row"]], hit["theme"]) for hit in found]
    judged = read_judged()
    unjudged = [(*hit, evidence["evidence"]) for hit, evidence in zip(hits, found, strict=True) if hit not in judged]
    assert not unjudged, f"read these reviews and add a line for each to {GOLDEN.name}"
    counts = {
        practices: Counter(judged[hit] for hit in hits if (hit[1] in practices_themes()) == practices)
        for practices in (True, False)
    }
    with capsys.disabled():
        sys.stdout.write(f"\nthemes of practices {dict(counts[True])}, leaving and trust {dict(counts[False])}\n")
    assert counts[True]["right"] >= 15


def test_judgements_are_written_as_one_of_three() -> None:
    """Right, wrong or unclear, each hit once."""
    judged = read_judged()
    assert set(judged.values()) <= JUDGEMENTS
    assert list(judged) == sorted(judged)
