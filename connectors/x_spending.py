"""What X's posts may cost: an estimate beforehand, and a meter that stops a run before it costs too much."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from typing import TypeVar

from connectors.batch import Asked, Batch
from connectors.errors import SpendLimit
from connectors.posts import no_posts

FEWEST_POSTS = 10  # X gives no smaller page
CENT_FRACTION = 1e-9  # sums of prices are not exact
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Estimate:
    """About what a run costs: posts, and US dollars for them and for counting them."""

    posts: int
    usd: float


def as_batches(asking: Generator[Asked, None, T]) -> Generator[Batch, None, T]:
    """Each row of the ledger as a batch without posts, handed on before the next request is sent."""
    while True:
        try:
            row = next(asking)
        except StopIteration as end:
            answer: T = end.value
            return answer
        yield Batch(no_posts(), None, asked=[row])


@dataclass
class Meter:
    """What was spent, in US dollars, and how much may be; `budget_usd` None: as much as it takes."""

    source: str
    budget_usd: float | None = None
    spent_usd: float = 0.0

    def check(self, usd: float) -> None:
        """Raise SpendLimit where `usd` more would be over the budget."""
        if self.budget_usd is not None and self.spent_usd + usd > self.budget_usd + CENT_FRACTION:
            raise SpendLimit(
                self.source,
                "[[sources]] in the brand file",
                f"the next request could cost {usd:,.2f} USD, and {self.spent_usd:,.2f} of {self.budget_usd:,.2f} USD "
                "are spent: raise max_usd_per_run or max_usd_per_month, or narrow the query",
            )

    def add(self, usd: float) -> None:
        """Count what was spent."""
        self.spent_usd += usd

    def find_page_size(self, most: int, usd_per_post: float) -> int:
        """How many posts may be asked for. Raises SpendLimit where even the smallest page could cost too much."""
        self.check(FEWEST_POSTS * usd_per_post)
        if self.budget_usd is None or not usd_per_post:
            return most
        left = int((self.budget_usd - self.spent_usd + CENT_FRACTION) / usd_per_post)
        return max(FEWEST_POSTS, min(most, left))
