"""What can be wrong with a scorer's own files; each is one line."""

from __future__ import annotations


class ModelError(ValueError):
    """A model cannot be used: which file, what is wrong and what to do."""
