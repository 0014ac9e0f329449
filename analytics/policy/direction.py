"""Does a change let the company do more with people's data, or less?

Provisions that came are weighed against those that went, practice by practice. A restriction that comes with a grant of
the same practice is its condition and does not offset it: what was not allowed at all is now allowed within limits. So
is a limit on the use of data in general, which decides only where no single practice gains or loses.

Where a practice is granted before and after, it was written anew. Then what it reaches decides: whom, which data.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from analytics.policy.change import Direction
from analytics.policy.document import WORD
from analytics.policy.extent import Extent, Particular, compare_reach, compare_time, unite
from analytics.policy.provisions import GENERAL, Kind, Part, Provision
from analytics.policy.reading import Reading
from analytics.policy.vocabulary import read_vocabulary

OUTWEIGHS = 2  # on both sides is rewritten; that many times as often on one is more than that
LONGER = 3  # an edited part that gains this many words for each that it loses says more than before
FUNCTION_WORDS = 3  # letters: "the", "and", "or" say nothing of length
WORDING = "wording"  # stands for the practice of an edited sentence that names none


@dataclass(slots=True)
class Side:
    """What came, or what went: how often each provision, and whom and which data they reach together."""

    counts: Counter[Provision] = field(default_factory=Counter)
    reach: defaultdict[Provision, set[Particular]] = field(default_factory=lambda: defaultdict(set))

    def add(self, reading: Reading, provisions: Iterable[Provision]) -> None:
        """Take in those `provisions` of a reading that the other side of its sentence does not have."""
        for provision in provisions:
            self.counts[provision] += 1
            for part in reading.parts:
                if provision in part.provisions:
                    self.reach[provision] |= part.extent.particulars


def weigh(came: Side, went: Side, edits: Iterable[tuple[str, int]] = ()) -> frozenset[int]:
    """One vote for each practice that gained or lost: 1 the company may do more, −1 less.

    `edits` are the votes of single edited sentences, by practice: they count where the practice has no other.
    """
    edited: defaultdict[str, set[int]] = defaultdict(set)
    for practice, vote in edits:
        edited[practice].add(vote)
    practices = {provision.practice for provision in (*came.counts, *went.counts)} | set(edited)
    votes: dict[str, int] = {}
    for practice in practices:
        grants, restrictions = (compare(came, went, Provision(kind, practice)) for kind in ("grant", "restriction"))
        votes[practice] = grants or -restrictions or sum(edited[practice] - {0})
    single = {vote for practice, vote in votes.items() if practice != GENERAL} - {0}
    return frozenset(single or {votes.get(GENERAL, 0)} - {0})


def compare(came: Side, went: Side, provision: Provision) -> int:
    """1 where more came, −1 where more went; what did both was written anew, and decides by what it reaches."""
    new, old = came.counts[provision], went.counts[provision]
    if not min(new, old):
        return (new > old) - (new < old)
    if abs(new - old) >= OUTWEIGHS and max(new, old) >= OUTWEIGHS * min(new, old):
        return 1 if new > old else -1
    return compare_reach(went.reach[provision], came.reach[provision])


@dataclass(frozen=True, slots=True)
class Wording:
    """What an edited sentence says by its wording: votes by practice, and a leaning, which counts where nothing votes.

    `settled`: what the sentence provides on its two sides is no further vote.
    """

    votes: tuple[tuple[str, int], ...] = ()
    leaning: int = 0
    settled: bool = False


def weigh_wording(before: Reading, after: Reading) -> Wording:
    """Votes are told by how people are asked, for how long, and whom and which data the sentence reaches.

    Leanings come from words that limit or except, and from a sentence that got longer.
    """
    old, new = (unite(part.extent for part in side.parts) for side in (before, after))
    practices = sorted(name_practices(before) & name_practices(after)) or [WORDING]
    if vote := weigh_asking(old, new) or compare_time(old.lasting, new.lasting):
        return Wording(tuple((practice, vote) for practice in practices), settled=True)
    kinds = {provision.kind for provision in before.provisions}
    if before.provisions != after.provisions or len(kinds) > 1:
        return Wording()
    if not kinds:
        vote = compare_reach(old.particulars, new.particulars) if old.defines and new.defines else 0
        return Wording(((WORDING, vote),) if vote else ())
    kind: Kind = kinds.pop()
    limits, length = weigh_words(before, after, kind)
    if limits:
        return Wording(leaning=limits)
    vote = compare_reach(old.particulars, new.particulars)
    if is_limit(before.parts) != is_limit(after.parts):
        vote = 0
    elif kind == "restriction" and not is_limit(after.parts):  # "we only share with A and B" is more than with A
        vote = -vote
    return Wording(tuple((practice, vote) for practice in practices) if vote else (), length)


def weigh_asking(old: Extent, new: Extent) -> int:
    """The vote of being asked in another way: by consent, or by a right to refuse."""
    both = old.asking and new.asking
    return (new.asking > old.asking) - (new.asking < old.asking) if both else 0


def weigh_words(before: Reading, after: Reading, kind: Kind) -> tuple[int, int]:
    """The leanings by words that limit or except, and by length."""
    modality = read_vocabulary().modality
    old, new = (" ".join(part.text for part in side.parts) for side in (before, after))
    limiting = modality["narrowing_words" if kind == "grant" else "exception_words"]
    more_limits = len(limiting.findall(new)) - len(limiting.findall(old))
    bags = [Counter(word for word in WORD.findall(text) if len(word) > FUNCTION_WORDS) for text in (old, new)]
    lost, gained = (bags[0] - bags[1]).total(), (bags[1] - bags[0]).total()
    length = (gained >= max(2, LONGER * lost)) - (lost >= max(2, LONGER * gained))
    sign = 1 if kind == "grant" else -1
    return -sign * ((more_limits > 0) - (more_limits < 0)), sign * length


def name_practices(reading: Reading) -> frozenset[str]:
    return frozenset[str]().union(*(part.practices for part in reading.parts))


def is_limit(parts: Sequence[Part]) -> bool:
    return any(part.modality == "limit" for part in parts)


def name_direction(votes: Iterable[int]) -> Direction:
    given = set(votes) - {0}
    if not given:
        return "unclear"
    if len(given) == 2:
        return "mixed"
    return "widens" if 1 in given else "narrows"
