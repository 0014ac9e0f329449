"""What one text says and the other does not: sentences, their themes and what they provide."""

from __future__ import annotations

from collections.abc import Iterator

from analytics.policy.alignment import Alignment, align, surplus
from analytics.policy.change import PolicyChange, SentenceChange, Version
from analytics.policy.direction import Side, Wording, name_direction, weigh, weigh_wording
from analytics.policy.document import Document, Sentence
from analytics.policy.reading import Reading, read, read_edit

READ = 10_000  # sentences of a side: ten times what the longest terms have; a page that is no terms may have more
NOTHING = Reading((), frozenset(), frozenset(), frozenset())


def compare(version: Version, before: Document, after: Document) -> PolicyChange:
    """The change from one text to the next, `version` being the later; its date and noise are not told here."""
    names = before.company_names | after.company_names | name_from_path(version.document)
    came, went = Side(), Side()
    votes: list[tuple[str, int]] = []
    leanings: list[int] = []
    sentences: list[SentenceChange] = []
    for old, new in list_changes(align(before, after)):
        if old and new:
            was, is_now = read_edit(old, new, names)
            wording = weigh_wording(was, is_now)
        else:
            was = read(old, names) if old else NOTHING
            is_now = read(new, names) if new else NOTHING
            wording = Wording()
        votes += wording.votes
        leanings.append(wording.leaning)
        gained, lost = Side(), Side()
        for side, alone, reading, provisions in (
            (came, gained, is_now, is_now.provisions - was.provisions),
            (went, lost, was, was.provisions - is_now.provisions),
        ):
            if not wording.settled:
                side.add(reading, provisions)
                alone.add(reading, provisions)
        sentences.append(
            SentenceChange(
                old.text if old else "",
                new.text if new else "",
                old.clause if old else "",
                new.clause if new else "",
                tuple(sorted(was.themes | is_now.themes)),
                tuple(sorted(was.data_classes | is_now.data_classes)),
                name_direction(weigh(gained, lost, wording.votes) or [wording.leaning]),
            )
        )
    return PolicyChange(
        recorded_at=version.recorded_at,
        document=version.document,
        stated_effective=None,
        themes=tuple(sorted({theme for change in sentences for theme in change.themes})),
        added=tuple(sentence.text for sentence in surplus(after, before)),
        removed=tuple(sentence.text for sentence in surplus(before, after)),
        direction=name_direction(weigh(came, went, votes) or leanings),
        noise="",
        sentences=tuple(sentences),
        data_classes=tuple(sorted({name for change in sentences for name in change.data_classes})),
    )


def list_changes(found: Alignment) -> Iterator[tuple[Sentence | None, Sentence | None]]:
    yield from found.edited
    yield from ((None, sentence) for sentence in found.added[:READ])
    yield from ((sentence, None) for sentence in found.removed[:READ])


def name_from_path(document: str) -> frozenset[str]:
    """The folder of "Acme/Terms of Service" is the company."""
    folder, _, rest = document.rpartition("/")
    name = folder.rpartition("/")[2]
    return frozenset({name}) if rest and name[:1].isupper() else frozenset()
