"""Whether an effect's scorer was checked on this brand's own posts, and what the effect is once labels correct it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from analytics.effects.wording import NOT_VALIDATED
from analytics.evaluation.labels import list_labels
from analytics.evaluation.prediction_powered import FEWEST_LABELS, Correction, correct_change
from analytics.evaluation.sampling import WINDOWS, Windows, list_posts
from analytics.store import first_row
from brands.wording import write_count

if TYPE_CHECKING:
    import duckdb

MOST_NEW = 0.05
"""Of a window's posts by what they count: when more came after the draw, labels say nothing of what they are."""


@dataclass(frozen=True, slots=True)
class Validation:
    """What labels say. `said`: in words, without a full stop. `correction`: None where they are too few or too old."""

    said: str = NOT_VALIDATED
    labels_before: int = 0
    labels_after: int = 0
    correction: Correction | None = None

    def sentence(self, *, corrected: bool) -> str:
        """For the reason of an effect; `corrected`: it is the one of net trust, which is what labels correct."""
        sentence = f"{self.said[:1].upper()}{self.said[1:]}."
        if self.correction is None or not corrected:
            return sentence
        each = self.correction
        return (
            f"{sentence} Corrected by the labels, net trust expression of the brand alone changed by "
            f"{_signed(each.estimate)} points, counted in votes (prediction-powered, 95 % interval "
            f"{_signed(each.low)} to {_signed(each.high)}), against {_signed(each.raw)} as the scorer reads."
        )


def validate(connection: duckdb.DuckDBPyConnection, brand: str, windows: Windows) -> Validation:
    """Correct the change of net trust in `windows` by the labels of the event's sample, where they suffice."""
    drawn = first_row(
        connection, "SELECT drawn_at FROM label_draws WHERE brand = ? AND event_id = ?", [brand, windows.event_id]
    )
    labels = list_labels(connection, brand, windows.event_id)
    if drawn is None or labels.empty:
        return Validation()
    posts = list_posts(connection, brand, windows)
    labels = labels.merge(posts[["source", "post_id"]], on=["source", "post_id"])
    before, after = (int((labels["window"] == window).sum()) for window in WINDOWS)
    found = Validation(labels_before=before, labels_after=after)
    if min(before, after) < FEWEST_LABELS:
        have = f"{NOT_VALIDATED}: {before} and {after} labels, and {FEWEST_LABELS} are needed in each window"
        return replace(found, said=have)
    new = posts[posts["collected_at"] > drawn[0]]
    if len(new) and new.groupby("window")["share"].sum().max() > MOST_NEW:
        late = f"{write_count(len(new), 'post')} came after the sample was drawn; run brandtrust label again"
        return replace(found, said=f"{NOT_VALIDATED} as it stands: {late}")
    return replace(
        found,
        said=f"scorer checked against {before} labelled posts before and {after} after",
        correction=correct_change(posts, labels),
    )


def _signed(value: float) -> str:
    return f"{value:+.1f}".replace("-", "−").replace("+0.0", "0.0").replace("−0.0", "0.0")
