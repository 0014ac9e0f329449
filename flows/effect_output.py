"""What the command line prints under each event: parts of the change, further checks, and whether it has gone back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from analytics.effect_checks import Check
    from analytics.effect_context import EffectContext
    from analytics.event_study import EventEffect

CHECKS = {
    "source_weights": "source weights held",
    "without_copies_and_officials": "without copies and officials",
    "customers": "customers only",
    "without_peers_that_moved": "without peers that moved",
}
BESIDE = 'more: brandtrust sql "SELECT * FROM effect_checks" (or effect_parts, effect_recovery)'


def lines_beside(found: EventEffect) -> Iterator[str]:
    """A few lines of plain text; none for an effect by another scorer than the configured one."""
    if found.context is None:
        return
    head = f"{found.event_id}, {found.measure}"
    checks = found.context.checks
    yield f"{head}: {checks[0].sentence}"
    yield f"{head}, made of: {_parts(found.context)}"
    if asked := [_check(check) for check in checks[1:] if check.effect is not None and check.name in CHECKS]:
        yield f"{head}, asked again: {'; '.join(asked)}"
    if peers := [_check(check) for check in checks if check.name.startswith("peer:") and check.effect is not None]:
        yield f"{head}, peers by themselves: {'; '.join(peers)}"
    for check in checks:
        if check.name in ("responded", "reversed"):
            near = ", ".join(str(day) for day in check.not_separable_from)
            told = f"{head}, {check.name} {check.event_date} (exploratory): "
            told += _number(check) if check.effect is not None else check.reason.rstrip(".")
            yield f"{told}; dates not separable: {near}" if near else told
    recovery = found.context.recovery
    if recovery.state != "nothing_to_recover_from":
        yield f"{head}, back again? {recovery.state.replace('_', ' ')}: {recovery.reason}"


def _parts(context: EffectContext) -> str:
    from analytics.report.formatting import lower_label
    from analytics.report.part_names import PART_NAMES

    split = context.decomposition
    if split.raw_change is None:
        return split.reason
    parts = ", ".join(
        f"{lower_label(PART_NAMES[part.name])} {_signed(part.change)}{_interval(part.low, part.high)}"
        for part in split.parts
    )
    return f"raw change {_signed(split.raw_change)}{_interval(split.low, split.high)} = {parts}. {split.reason}"


def _check(check: Check) -> str:
    return f"{CHECKS.get(check.name, check.name.removeprefix('peer:'))} {_number(check)}"


def _number(check: Check) -> str:
    from analytics.effects.wording import BARRED

    effect = check.effect
    if effect is None:
        return check.reason
    if check.sentence in BARRED:
        return "not tested"
    if effect.verdict == "descriptive_only":  # of a handful of voices a number would say nothing
        return "too little to judge"
    if effect.estimate is None:
        return effect.verdict
    p = "" if effect.p_value is None else f"p {effect.p_value:.3g}, "
    return f"{_signed(effect.estimate)} ({p}{effect.verdict})"


def _interval(low: float | None, high: float | None) -> str:
    if low is None or high is None:
        return ""
    ends = _signed(low), _signed(high)
    # Of a part that cannot differ the interval has no width: it would only be noise to read.
    return "" if ends[0] == ends[1] else f" ({ends[0]} … {ends[1]})"


def _signed(value: float) -> str:
    """With its sign, to one decimal."""
    said = f"{value:+.1f}".replace("-", "−")
    return "0.0" if said in ("+0.0", "−0.0") else said
