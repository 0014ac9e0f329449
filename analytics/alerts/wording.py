"""An incident in words: one line for a person, without a word of any post."""

from __future__ import annotations

from analytics.alerts.incidents import Incident, Reason
from brands.wording import write_count

SUBJECTS = {
    "volume_surge": "far more people speak of it than usual",
    "volume_drop": "far fewer people speak of it than usual",
    "trust_fall": "net trust expression is far below its usual",
    "trust_rise": "net trust expression is far above its usual",
}
OVER = "it has been back in its usual range for {hours}"


def tell(incident: Incident, name: str) -> str:
    """What is going on with a brand, in a few words."""
    return f"{name}: {SUBJECTS[incident.kind]}"


def tell_numbers(incident: Incident) -> str:
    """What was seen at the height of it, where what is usual."""
    peak, span = incident.peak, f"{incident.peak_hour:%Y-%m-%d %H}:59 UTC"
    hours = "hour" if peak.length == 1 else f"{peak.length} hours"
    if incident.kind.startswith("volume"):
        usual = f"usual {peak.expected:,.0f}, range {peak.low:,.0f} to {peak.high:,.0f}"
        return f"{write_count(int(peak.observed), 'voice')} in the {hours} to {span} ({usual})"
    usual = f"usual {_points(peak.expected)}, range {_points(peak.low)} to {_points(peak.high)}"
    return f"{_points(peak.observed)} in the {hours} to {span}, over {write_count(peak.voices, 'voice')} ({usual})"


def tell_reason(incident: Incident, reason: Reason, closes_after: int) -> str:
    """Why it is told now."""
    since = f"since {incident.first_hour:%Y-%m-%d %H:%M} UTC"
    if incident.state == "closed":
        over = f"over: {OVER.format(hours=write_count(closes_after, 'hour'))}"
        return f"{over}; it began {incident.first_hour:%Y-%m-%d %H:%M} UTC"
    return f"{since}; it has grown" if reason == "grown" else since


def _points(value: float) -> str:
    return f"{value:+.0f}".replace("-", "−")
