"""Terms and privacy policies: what changed in a document, dated from its text, and what is only noise."""

from __future__ import annotations

from analytics.policy.change import Direction, PolicyChange, SentenceChange, Version
from analytics.policy.finding import find_changes

__all__ = ["Direction", "PolicyChange", "SentenceChange", "Version", "find_changes"]
