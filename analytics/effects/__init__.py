"""Effects of a policy event: one method a file, one result that says how sure it is."""

from __future__ import annotations

from analytics.effects.effect import Effect, Verdict
from analytics.effects.placebo_in_time import event_effect

__all__ = ["Effect", "Verdict", "event_effect"]
