"""Labelling at the keyboard: a post, a key, the next post. Each label is in the store before the next post is shown."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

import click
from rich.text import Text

from analytics.evaluation.labels import SKIPPED, Sample, SampledPost, labels_by, open_sample, save_label
from analytics.evaluation.prediction_powered import FEWEST_LABELS
from brands.wording import write_count
from flows.errors import UsageError
from flows.output import console
from flows.terminal import printable

if TYPE_CHECKING:
    from pathlib import Path

    from analytics.store import Store
    from brands.brand_file import Brand

LABEL_KEYS = {
    **dict.fromkeys(("1", "n"), "negative"),
    **dict.fromkeys(("2", "u"), "neutral"),
    **dict.fromkeys(("3", "p"), "positive"),
    "s": SKIPPED,
}
BACK, QUIT, MORE = "b", "q", "m"
KEYS_SHOWN = "1 negative   2 neutral   3 positive   s skip   b back   q quit"
SHORT_LINES = 12  # of a post, until more is asked for


def label_event(
    store: Store, brand: Brand, event_id: str, labeller: str, *, posts: int | None = None, seed: int | None = None
) -> None:
    """Draw the sample of an event, have what `labeller` has not labelled yet labelled, and say what is there then.

    Raises UsageError where the brand file has no such event, EvaluationError where nothing can be drawn.
    """
    known = [event.id for event in brand.file.events]
    if event_id not in known:
        raise UsageError(f"{brand.path}: no event is called {event_id!r}; its events: {', '.join(known) or 'none'}")
    sample = open_sample(store, brand.slug, event_id, posts=posts, seed=seed)
    session = _Session(store, sample, brand.name, labeller)
    try:
        session.run()
    finally:
        session.tell_state(brand.path)


class _Session:
    """One person labelling one sample."""

    def __init__(self, store: Store, sample: Sample, name: str, labeller: str) -> None:
        self._store, self._sample, self._name, self._labeller = store, sample, name, labeller
        self._console = console()
        self._said = labels_by(store, sample, labeller)
        self._gone: set[tuple[str, str]] = set()  # purged since the sample was drawn

    @property
    def _labelled(self) -> int:
        """Posts with a label; a skip says that the post got none."""
        return sum(label != SKIPPED for label in self._said.values())

    def run(self) -> None:
        """Show post after post from the first that has no label, until the last or until it is enough."""
        at = self._next_open(0)
        while at is not None:
            post = self._sample.posts[at]
            key = self._ask(at)
            if key == QUIT:
                return
            if key == BACK:
                at = max(0, at - 1)
                continue
            label = LABEL_KEYS[key]
            if save_label(self._store, self._sample, post, label, self._labeller):
                self._said[self._key_of(post)] = label
            else:
                self._gone.add(self._key_of(post))
            at = self._next_open(at + 1)

    def tell_state(self, path: Path) -> None:
        """How many labels there are, and what they are good for."""
        count = len(self._sample.posts) - len(self._gone)
        skipped = len(self._said) - self._labelled
        lines = [f"{self._labelled} of {write_count(count, 'post')} labelled by {self._labeller}, {skipped} skipped"]
        for window, size in self._sample.window_sizes.items():
            if size < FEWEST_LABELS:
                lines.append(
                    f"the window {window} the event holds {write_count(size, 'post')}; "
                    f"{FEWEST_LABELS} labels would be needed for a corrected effect"
                )
        done = len(self._said) == count
        lines.append(
            f"next: brandtrust effects {shlex.quote(str(path))}" if done else "the same command goes on from here"
        )
        for line in lines:
            self._console.print(Text(printable(line)), soft_wrap=True)

    def _next_open(self, start: int) -> int | None:
        """The next post without a label, from `start` on; at the end those before it."""
        every = range(len(self._sample.posts))
        done = self._said.keys() | self._gone
        open_posts = [at for at in every if self._key_of(self._sample.posts[at]) not in done]
        return next((at for at in open_posts if at >= start), next(iter(open_posts), None))

    def _ask(self, at: int) -> str:
        whole = False
        while True:
            cut = self._show(at, whole=whole)
            try:
                key = click.getchar().lower()
            except EOFError:  # Ctrl-D
                return QUIT
            if key in LABEL_KEYS or key in (BACK, QUIT):
                return key
            whole = whole or (key == MORE and cut)

    def _show(self, at: int, *, whole: bool) -> bool:
        """Show a post on an empty screen; whether there is more of it than is shown."""
        post, told = self._sample.posts[at], self._console
        told.clear()
        said = self._said.get(self._key_of(post))
        place = f"{at + 1} of {len(self._sample.posts)}, {self._labelled} labelled" + (
            f", so far: {said}" if said else ""
        )
        told.print(Text(printable(place), style="dim"))
        told.print()
        if post.title:
            told.print(Text(printable(post.title), style="bold"))
        lines = Text(printable(post.text)).wrap(told, max(20, told.width))
        shown = lines if whole else lines[:SHORT_LINES]
        for line in shown:
            told.print(line, soft_wrap=True)
        cut = len(shown) < len(lines)
        if cut:
            told.print(Text(f"… {write_count(len(lines) - len(shown), 'more line')} (m shows them)", style="dim"))
        told.print()
        told.print(Text(printable(f"What does the writer express towards {self._name}?")))
        told.print(Text(KEYS_SHOWN, style="bold"))
        return cut

    @staticmethod
    def _key_of(post: SampledPost) -> tuple[str, str]:
        return post.source, post.post_id
