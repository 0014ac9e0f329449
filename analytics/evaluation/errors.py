"""What can be wrong with labels and with the files that hold them; each is one line."""

from __future__ import annotations


class EvaluationError(ValueError):
    """Labels cannot be used: which, where, and what to give instead."""
