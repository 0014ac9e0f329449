"""In which language a post is written: clear cases in bulk, the rest by a library, short texts by nobody."""

from __future__ import annotations

from analytics.language.clear_cases import UNDETERMINED
from analytics.language.detection import detect, detector_version

__all__ = ["UNDETERMINED", "detect", "detector_version"]
