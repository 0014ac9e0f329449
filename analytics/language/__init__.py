"""In which language a post is written: clear cases in bulk, the rest by a library, short texts by nobody."""

from __future__ import annotations

from analytics.language.detection import UNDETERMINED, detect, detector_version

__all__ = ["UNDETERMINED", "detect", "detector_version"]
