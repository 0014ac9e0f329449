"""Does a change let the company do more with people's data, or less?

Provisions that came are weighed against those that went, practice by practice. A restriction that comes with a grant of
the same practice is its condition and does not offset it: what was not allowed at all is now allowed within limits. So
is a limit on the use of data in general, which decides only where no single practice gains or loses.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from analytics.policy.change import Direction
from analytics.policy.document import WORD
from analytics.policy.provisions import GENERAL, Kind, Provision
from analytics.policy.reading import Reading
from analytics.policy.vocabulary import read_vocabulary

OUTWEIGHS = 2  # on both sides is rewritten; that many times as often on one is more than that
LONGER = 3  # an edited part that gains this many words for each that it loses says more than before
FUNCTION_WORDS = 3  # letters: "the", "and", "or" say nothing of length


def weigh(came: Counter[Provision], went: Counter[Provision]) -> frozenset[int]:
    """One vote for each practice that gained or lost: 1 the company may do more, −1 less."""
    practices = {provision.practice for provision in (*came, *went)}
    votes: dict[str, int] = {}
    for practice in practices:
        grants, restrictions = (
            compare(came[Provision(kind, practice)], went[Provision(kind, practice)])
            for kind in ("grant", "restriction")
        )
        votes[practice] = grants or -restrictions
    single = {vote for practice, vote in votes.items() if practice != GENERAL} - {0}
    return frozenset(single or {votes.get(GENERAL, 0)} - {0})


def compare(came: int, went: int) -> int:
    """1 where more came, −1 where more went, 0 where about as many came as went: they were written anew."""
    if not min(came, went):
        return (came > went) - (came < went)
    if abs(came - went) < OUTWEIGHS or max(came, went) < OUTWEIGHS * min(came, went):
        return 0
    return 1 if came > went else -1


def weigh_wording(before: Reading, after: Reading) -> int:
    """The vote of an edited sentence that provides what it did: its parts say it of more, of less, or within limits."""
    kinds = {provision.kind for provision in before.provisions}
    if before.provisions != after.provisions or len(kinds) != 1:
        return 0
    kind: Kind = kinds.pop()
    modality = read_vocabulary().modality
    old, new = (" ".join(part.text for part in side.parts) for side in (before, after))
    limiting = modality["narrowing_words" if kind == "grant" else "exception_words"]
    more_limits = len(limiting.findall(new)) - len(limiting.findall(old))
    bags = [Counter(word for word in WORD.findall(text) if len(word) > FUNCTION_WORDS) for text in (old, new)]
    lost, gained = (bags[0] - bags[1]).total(), (bags[1] - bags[0]).total()
    length = (gained >= max(2, LONGER * lost)) - (lost >= max(2, LONGER * gained))
    vote = -((more_limits > 0) - (more_limits < 0)) or length
    return vote if kind == "grant" else -vote


def name_direction(votes: Iterable[int]) -> Direction:
    given = set(votes) - {0}
    if not given:
        return "unclear"
    if len(given) == 2:
        return "mixed"
    return "widens" if 1 in given else "narrows"
