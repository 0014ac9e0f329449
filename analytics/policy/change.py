"""What goes in and what comes out: a recorded version of a document, and the change from one to the next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, TypeAlias

from analytics.themes import read_taxonomy

Direction: TypeAlias = Literal["widens", "narrows", "mixed", "unclear"]


@dataclass(frozen=True, slots=True)
class Version:
    """A document's text (Markdown or plain) as it stood at `recorded_at`: UTC, without a zone."""

    recorded_at: datetime
    text: str
    document: str = ""


@dataclass(frozen=True, slots=True)
class SentenceChange:
    """One sentence that came (`before` is empty), went (`after` is empty) or was edited (both).

    `clause_before` and `clause_after` are the number and title under which it stands, as far as the text gives them.
    `themes` and `data_classes` are names of the taxonomy, sorted; for an edited sentence those of its edited parts.
    """

    before: str
    after: str
    clause_before: str
    clause_after: str
    themes: tuple[str, ...]
    data_classes: tuple[str, ...]
    direction: Direction


@dataclass(frozen=True, slots=True)
class PolicyChange:
    """What differs between two consecutive versions of a document.

    `added` and `removed` are sentences in the order of their text; an edited sentence is in both, and `sentences` shows
    its two sides together. `stated_effective` is the date that the later text gives itself. `direction`: may the
    company do more with people's data (`widens`) or less? `noise` is empty, or says why this is no change of substance;
    only "returned to an earlier text" and "taken back within a day" leave sentences, themes and direction in place.
    `restores`: when the text was first recorded whose words this version has again. `length_change` is the later length
    in words over the earlier, less 1 (0 where the earlier is empty), and `length_jump` says that one is more than twice
    the other.
    """

    recorded_at: datetime
    document: str
    stated_effective: date | None
    themes: tuple[str, ...]
    added: tuple[str, ...]
    removed: tuple[str, ...]
    direction: Direction
    noise: str
    sentences: tuple[SentenceChange, ...] = ()
    data_classes: tuple[str, ...] = ()
    length_change: float = 0.0
    length_jump: bool = False
    restores: datetime | None = None

    @property
    def telling(self) -> str:
        """The sentence to read first: of those that go the way of the change, one with its foremost theme.

        Themes stand in the order of the taxonomy; what came goes before what went, and more themes before fewer. Empty
        where no sentence changed.
        """
        if not self.sentences:
            return ""
        order = list(read_taxonomy().themes)
        chosen = min(
            self.sentences,
            key=lambda each: (
                each.direction != self.direction or self.direction == "unclear",
                min(map(order.index, each.themes), default=len(order)),
                not each.after,
                -len(each.themes),
            ),
        )
        return chosen.after or chosen.before
