"""How words and pictures are fitted to pages: measured as drawn, with no last page left nearly empty."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from analytics.report import Report, pdf, render_pdf
from analytics.report.evidence import ChangePart
from analytics.report.pages import EVIDENCE_SCALES, LEAST_FILLED, MOST_PAGES, Filled, Pages, choose_size

SIZES = [0.8 + 0.02 * step for step in range(20)]


def test_pages_are_filled_as_they_were_measured(
    full_report: Report, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The room kept for a picture before it is drawn is the room that it takes, wherever a page ends."""
    seen: list[tuple[Filled, Filled]] = []

    class Watched(Pages):
        def compile(self, timestamp: int) -> bytes:
            for size in SIZES:
                self._data["measuring"] = True
                kept = self._fill(size)
                self._data["measuring"] = False
                seen.append((kept, self._fill(size)))
            return super().compile(timestamp)

    monkeypatch.setattr(pdf, "Pages", Watched)
    parts = (ChangePart("attention", part, 12.0, None, None, 9, False, "") for part in ("raw_change", "newcomers"))
    render_pdf(replace(full_report, change_parts=tuple(parts)), tmp_path / "a.pdf")
    for kept, drawn in seen:
        assert drawn.pages == kept.pages
        assert drawn.last == pytest.approx(kept.last, abs=0.001)


def test_the_first_size_with_a_last_page_well_filled_is_taken() -> None:
    """Words keep their size wherever they can, and no further one is tried."""
    tried: list[float] = []

    def fill(size: float) -> Filled:
        tried.append(size)
        return Filled(5, 0.9 if len(tried) == 3 else LEAST_FILLED - 0.01)

    assert choose_size(fill) == EVIDENCE_SCALES[2]
    assert tried == list(EVIDENCE_SCALES[:3])


def test_a_page_too_many_is_not_taken_however_full() -> None:
    """Where a smaller size does with six pages, seven are none."""
    assert choose_size(lambda size: Filled(MOST_PAGES + (size >= 1), 0.9)) == 0.97


def test_where_no_size_fills_the_last_page_it_is_the_fullest_of_the_fewest() -> None:
    """Then a page less comes first, and among as many pages the one with most on it."""
    pages = {size: Filled(6, 0.3) for size in EVIDENCE_SCALES}
    pages[0.94], pages[0.91] = Filled(5, 0.1), Filled(5, 0.2)
    assert choose_size(pages.__getitem__) == 0.91
