"""Names the way in which effects are computed."""

from __future__ import annotations

METHOD = 1
"""Raised with any change that gives other numbers on the same bins; a test holds it to the numbers."""
