"""How people take a company's response to an outcry: who speaks of it and who accepts it, by reviewable rules."""

from __future__ import annotations

from analytics.reception.finding import STANCES, read_stances, rules_hash
from analytics.reception.rules import LANGUAGE

__all__ = ["LANGUAGE", "STANCES", "read_stances", "rules_hash"]
