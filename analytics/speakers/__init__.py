"""Who is speaking, by reviewable rules over the post's own words; what is not known stays unknown."""

from __future__ import annotations

from analytics.speakers.finding import UNKNOWN, find_speakers, speakers_version

__all__ = ["UNKNOWN", "find_speakers", "speakers_version"]
