"""The changes of documents, version by version."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from itertools import pairwise

from analytics.policy.change import PolicyChange, Version
from analytics.policy.comparison import compare
from analytics.policy.document import Document
from analytics.policy.noise import BROKEN, SAME_WORDS, find_broken, name_noise
from analytics.policy.stated_dates import read_stated_date

# A company that takes words back writes a new date. The same text to the letter soon after is another capture of it.
RETURNED_WITHIN = timedelta(days=30)
TAKEN_BACK_WITHIN = timedelta(days=1)
JUMP = 2.0  # times as long, or as short


def find_changes(versions: Iterable[Version]) -> list[PolicyChange]:
    """One change for each two consecutive versions of a document, by time and then by document.

    Documents may be interleaved and versions unsorted; of one document they are taken by `recorded_at`, those of the
    same time in the order given. The first version of a document yields none. Any text can be read: nothing is raised.
    """
    documents: dict[str, list[Version]] = defaultdict(list)
    for version in versions:
        documents[version.document].append(version)
    changes = [change for history in documents.values() for change in name_flips(list(walk(history)))]
    return sorted(changes, key=lambda change: (change.recorded_at, change.document))


@dataclass(slots=True)
class Step:
    """A change, and the texts on its sides: each by when it was first recorded."""

    change: PolicyChange
    before: datetime
    after: datetime


@dataclass(slots=True)
class Texts:
    """When a text was first and last recorded, by its words."""

    times: dict[str, tuple[datetime, datetime]] = field(default_factory=dict)

    def look_up(self, words: str, now: datetime) -> tuple[datetime, datetime] | None:
        """What is known of a text before now, if anything; that it is recorded now is kept."""
        known = self.times.get(words)
        self.times[words] = (known[0] if known else now, now)
        return known


def walk(history: list[Version]) -> Iterator[Step]:
    """The changes of one document. A sound version is compared with the last sound one before it."""
    history = sorted(history, key=lambda version: version.recorded_at)
    broken = find_broken([version.text for version in history])
    texts = Texts()
    sound: Document | None = None
    stated: date | None = None
    first_seen = history[0].recorded_at
    captures: list[Document] = []
    for number, (version, is_broken) in enumerate(zip(history, broken, strict=True)):
        now, after = version.recorded_at, Document(version.text)
        before_seen = first_seen
        change = PolicyChange(now, version.document, None, (), (), (), "unclear", BROKEN)
        if not is_broken:
            noise = name_noise(sound, after, version.document) if sound else BROKEN
            if sound and noise in SAME_WORDS:
                after.share_words(sound)
                texts.look_up(sound.words, now)
            else:
                stated = read_stated_date([sentence.text for sentence in after.sentences])
                known = texts.look_up(after.words, now)
                first_seen = known[0] if known else now
                if sound and not noise:
                    change = compare(version, sound, after)
                if known:
                    change = replace(change, restores=known[0])
                    noise = noise or ("returned to an earlier text" if now - known[1] <= RETURNED_WITHIN else "")
            noise = BROKEN if noise and number and broken[number - 1] else noise
            change = replace(change, noise=noise, stated_effective=stated)
            sound = after
        if captures:
            yield Step(with_length(change, captures[-1], after), before_seen, first_seen)
        captures = [after]


def name_flips(steps: list[Step]) -> list[PolicyChange]:
    """The changes; one that the next takes back to the letter within a day is named: another copy was captured."""
    changes = [step.change for step in steps]
    for number, (step, following) in enumerate(pairwise(steps)):
        back = following.after == step.before != step.after
        if (
            back
            and not step.change.noise
            and following.change.recorded_at - step.change.recorded_at <= TAKEN_BACK_WITHIN
        ):
            changes[number] = replace(step.change, noise="taken back within a day")
    return changes


def with_length(change: PolicyChange, before: Document, after: Document) -> PolicyChange:
    """The change with what became of the text's length."""
    if change.noise in SAME_WORDS:
        return change
    old, new = before.length, after.length
    jump = max(old, new) > JUMP * min(old, new)
    return replace(change, length_change=round(new / old - 1, 4) if old else 0.0, length_jump=jump)
