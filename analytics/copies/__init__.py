"""Posts that repeat a text, word for word or nearly: found by MinHash, in groups that keep their ids."""

from __future__ import annotations

from analytics.copies.grouping import save_signatures
from analytics.copies.signatures import FEWEST_CHARACTERS, sign, sign_rows, signatures_version

__all__ = ["FEWEST_CHARACTERS", "save_signatures", "sign", "sign_rows", "signatures_version"]
