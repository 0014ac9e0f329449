"""Where a clause ends: vader_domain lets no word of another clause strengthen or negate.

VADER reaches three words back whatever stands between: in "without my consent, outrageous" the blame is negated.
Three words that no rule knows, read after every mark that ends a clause, are as far as it reaches.
"""

from __future__ import annotations

GAP = 3  # words
ENDING, CLOSING = ".,;:!?", "\"')]"


def ends_clause(token: str) -> bool:
    """Whether a clause ends with this token, which may close with quotes or brackets."""
    return token.rstrip(CLOSING).endswith(tuple(ENDING))
