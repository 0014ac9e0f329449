"""Why a verdict is what it is, as the effects state it, put into a reader's words."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date

from analytics.report.formatting import join_words, lower_label, upper_first, write_days
from analytics.report.model import EffectRow, Report

_DAY = r"\d{4}-\d{2}-\d{2}"
_DAYS = re.compile(rf"{_DAY}(?:, {_DAY})*")
_RANK = re.compile(r"Of [\d,]+ comparable earlier windows?\b")  # the table has columns for it
_NAMED = re.compile(r"(?<=\()[^()]+(?=\)\.)")
_LEFT_OUT = re.compile(r"[\w-]+(?= \(no comparable data)")


def share_reasons(rows: Sequence[EffectRow], report: Report) -> tuple[str, list[str]]:
    """What holds for all rows of an event, once, and what is left for each row. The rank stands in the table itself."""
    each = [[said for said in _sentences(row.reason) if not _RANK.match(said)] for row in rows]
    shared = [said for said in each[0] if all(said in others for others in each)] if each else []
    names = {peer.brand: peer.name for peer in report.peers}
    return (
        humanise(" ".join(shared), names),
        [humanise(" ".join(said for said in own if said not in shared), names) for own in each],
    )


def write_declared(row: EffectRow) -> str:
    """Whether the event's plan was frozen before its notice, and why not; empty where that was not asked."""
    if not row.declared:
        return ""
    return f"{upper_first(row.declared)}: {lower_label(humanise(row.declared_reason, {}))}"


def humanise(reason: str, names: Mapping[str, str]) -> str:
    """The reason with its days written as everywhere else and peers by their names."""
    said = []
    for sentence in _sentences(reason):
        written = _DAYS.sub(lambda match: write_days(find_days(match[0])), sentence)
        if written.startswith("Less "):
            written = _NAMED.sub(lambda match: join_words([names.get(s, s) for s in match[0].split(", ")]), written)
        elif written.startswith("Left out: "):
            written = _LEFT_OUT.sub(lambda match: names.get(match[0], match[0]), written)
        said.append(written)
    return " ".join(said)


def start_of(reason: str) -> str:
    """The first sentence of a reason, to stand after a colon."""
    first = humanise(reason.split(". ")[0].rstrip("."), {})
    return f"{first[:1].lower()}{first[1:]}." if first else "no reason is given."


def find_days(text: str) -> list[date]:
    """The days in a text, such as 2023-08-06."""
    return [date.fromisoformat(day) for day in re.findall(_DAY, text)]


def _sentences(reason: str) -> list[str]:
    return [said for said in re.split(r"(?<=\.)\s+(?=[A-Z])", reason.strip()) if said]
