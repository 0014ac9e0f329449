"""The changes of documents, version by version."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from analytics.policy.alignment import align, surplus
from analytics.policy.change import PolicyChange, SentenceChange, Version
from analytics.policy.direction import name_direction, weigh, weigh_wording
from analytics.policy.document import Document
from analytics.policy.noise import find_broken, name_noise
from analytics.policy.provisions import Provision
from analytics.policy.reading import Reading, read, read_edit
from analytics.policy.stated_dates import read_stated_date

FLIP = timedelta(days=30)  # a company that takes words back writes a new date; the same text to the letter is a capture
JUMP = 2.0
SAME_WORDS = frozenset(
    {"no difference", "tokens inside links", "link targets", "markup only", "punctuation or case", "numbering"}
)
NOTHING = Reading((), frozenset(), frozenset(), frozenset())


def find_changes(versions: Iterable[Version]) -> list[PolicyChange]:
    """One change for each two consecutive versions of a document, by time and then by document.

    Documents may be interleaved and versions unsorted; of one document they are taken by `recorded_at`, those of the same
    time in the order given. The first version of a document yields none. Any text can be read: nothing is raised.
    """
    documents: dict[str, list[Version]] = defaultdict(list)
    for version in versions:
        documents[version.document].append(version)
    changes = [change for history in documents.values() for change in walk(history)]
    return sorted(changes, key=lambda change: (change.recorded_at, change.document))


@dataclass(slots=True)
class Seen:
    """When a text was first and last recorded, by its words."""

    times: dict[str, tuple[datetime, datetime]] = field(default_factory=dict)

    def look_up(self, words: str, now: datetime) -> tuple[datetime, datetime] | None:
        known = self.times.get(words)
        self.times[words] = (known[0] if known else now, now)
        return known


def walk(history: list[Version]) -> Iterator[PolicyChange]:
    """The changes of one document. A sound version is compared with the last sound one, whatever was captured between."""
    history = sorted(history, key=lambda version: version.recorded_at)
    broken = find_broken([version.text for version in history])
    seen = Seen()
    sound: Document | None = None
    previous: Document | None = None
    stated: date | None = None
    was_broken = False
    for version, is_broken in zip(history, broken, strict=True):
        after = Document(version.text)
        if is_broken or sound is None:
            change = make_change(version, "broken capture")
            if previous is not None:
                yield with_length(change, previous, after)
        else:
            noise = name_noise(sound, after)
            if noise not in SAME_WORDS:
                stated = read_stated_date([sentence.text for sentence in after.sentences])
            change = replace(
                make_change(version, noise) if noise else compare(version, sound, after), stated_effective=stated
            )
            if noise in SAME_WORDS:
                seen.look_up(sound.words, version.recorded_at)
                after = sound if noise == "no difference" else keep_words(after, sound)
            elif known := seen.look_up(after.words, version.recorded_at):
                change = replace(change, restores=known[0])
                if not noise and version.recorded_at - known[1] <= FLIP:
                    change = replace(change, noise="returned to an earlier text")
            if was_broken and noise:
                change = replace(change, noise="broken capture")
            yield with_length(change, previous or sound, after)
        if not is_broken:
            if sound is None:
                stated = read_stated_date([sentence.text for sentence in after.sentences])
                seen.look_up(after.words, version.recorded_at)
            sound = after
        previous, was_broken = after, is_broken


def keep_words(after: Document, before: Document) -> Document:
    """The later text, which need not be read again: what is asked of its words the earlier one has answered."""
    for name in ("words", "sentences", "counts", "company_names"):
        if name in before.__dict__:
            after.__dict__[name] = before.__dict__[name]
    return after


def make_change(version: Version, noise: str) -> PolicyChange:
    return PolicyChange(version.recorded_at, version.document, None, (), (), (), "unclear", noise)


def with_length(change: PolicyChange, before: Document, after: Document) -> PolicyChange:
    """The change with what became of the text's length."""
    if change.noise in SAME_WORDS:
        return change
    old, new = before.length, after.length
    return replace(
        change,
        length_change=round(new / old - 1, 4) if old else 0.0,
        length_jump=max(old, new) > JUMP * min(old, new),
    )


def compare(version: Version, before: Document, after: Document) -> PolicyChange:
    """What was said in one text and not in the other."""
    found = align(before, after)
    names = before.company_names | after.company_names | name_from_path(version.document)
    came: Counter[Provision] = Counter()
    went: Counter[Provision] = Counter()
    leanings: list[int] = []
    sentences: list[SentenceChange] = []
    for old, new in (
        *((old, new) for old, new in found.edited),
        *((None, new) for new in found.added),
        *((old, None) for old in found.removed),
    ):
        if old and new:
            was, is_now = read_edit(old, new, names)
        else:
            was = read(old, names) if old else NOTHING
            is_now = read(new, names) if new else NOTHING
        gained, lost = Counter(is_now.provisions - was.provisions), Counter(was.provisions - is_now.provisions)
        came += gained
        went += lost
        leaning = weigh_wording(was, is_now) if old and new else 0
        leanings.append(leaning)
        sentences.append(
            SentenceChange(
                old.text if old else "",
                new.text if new else "",
                old.clause if old else "",
                new.clause if new else "",
                tuple(sorted(was.themes | is_now.themes)),
                tuple(sorted(was.data_classes | is_now.data_classes)),
                name_direction(weigh(gained, lost) or {leaning}),
            )
        )
    return PolicyChange(
        recorded_at=version.recorded_at,
        document=version.document,
        stated_effective=None,
        themes=tuple(sorted({theme for change in sentences for theme in change.themes})),
        added=tuple(sentence.text for sentence in surplus(after, before)),
        removed=tuple(sentence.text for sentence in surplus(before, after)),
        direction=name_direction(weigh(came, went) or leanings),
        noise="",
        sentences=tuple(sentences),
        data_classes=tuple(sorted({name for change in sentences for name in change.data_classes})),
    )


def name_from_path(document: str) -> frozenset[str]:
    """The folder of "Acme/Terms of Service" is the company."""
    folder, _, rest = document.rpartition("/")
    name = folder.rpartition("/")[2]
    return frozenset({name}) if rest and name[:1].isupper() else frozenset()
