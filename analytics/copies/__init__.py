"""Posts that repeat a text, word for word or nearly: found by MinHash, in groups that keep their ids."""

from __future__ import annotations

from analytics.copies.grouping import group_copies
from analytics.copies.signatures import FEWEST_CHARACTERS, sign, signatures_version

__all__ = ["FEWEST_CHARACTERS", "group_copies", "sign", "signatures_version"]
