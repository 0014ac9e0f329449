"""Rules asked of a text's words: one pass finds every word and phrase of all rules, then what it found is put together.

The same answer as `brands.query` gives, which a test holds. That asks one expression of many texts; here some hundred
rules are asked of each text, and what they share is looked for once.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING

import re2

from analytics.phrases.search import CandidateSearch
from analytics.phrases.trees import grow, kinds_of_folded_characters
from brands.folding import READ_CHARACTERS, fold
from brands.syntax_tree import And, Leaf, Near, Node, Not, Or, fold_words

if TYPE_CHECKING:
    import pyarrow as pa

BLANK = "_"  # in place of a not_phrase: a word that no rule can ask for
MEMORY = 50_000  # words that a branch remembers
SEARCH_MEMORY = 64 << 20  # bytes; RE2's usual 8 MB are soon full with so many phrases, and it starts again
EDGE, LETTER = "[ #@]", "[^ #@]"  # in a folded text

Span = tuple[int, int]
"""The first word, and the one after the last."""
Spans = Mapping[str, list[Span]]
"""Phrase, its folded words joined by a space → every place where it stands."""
Search = Callable[[str], Sequence[int] | None]
"""Of a folded text the numbers of the phrases that it holds; None or none at all where it holds none."""
Locate = Callable[[Spans], Span | None]
"""Where a rule matches: from one side of a NEAR to the other, of an AND its first part; None where it does not."""


@dataclass(frozen=True, slots=True)
class Rule:
    """`needs`: of each of these sets of phrases every match holds one, the first being the rarest."""

    needs: tuple[frozenset[str], ...]
    locate: Locate


class Branch(dict[str, tuple["Branch", ...]]):
    """A tree of phrases: word → where it leads, worked out at first sight, since a phrase's word may be truncated."""

    def __init__(self) -> None:
        super().__init__()
        self.phrase = ""  # the one that ends here
        self.whole: dict[str, Branch] = {}
        self.begun: dict[str, Branch] = {}
        self.lengths: tuple[int, ...] = ()  # of the starts in `begun`

    def add(self, phrase: str) -> None:
        """Grow the tree by a phrase, its words joined by a space."""
        branch = self
        for word in phrase.split():
            known, start = (branch.begun, word[:-1]) if word.endswith("*") else (branch.whole, word)
            following = known.setdefault(start, Branch())
            branch.lengths = tuple(sorted({len(start) for start in branch.begun}))
            branch = following
        branch.phrase = phrase

    def __missing__(self, word: str) -> tuple[Branch, ...]:
        if len(self) >= MEMORY:
            self.clear()
        found = [self.begun[start] for length in self.lengths if (start := word[:length]) in self.begun]
        if word in self.whole:
            found.append(self.whole[word])
        self[word] = branches = tuple(found)
        return branches

    def find(self, words: Sequence[str]) -> dict[str, list[Span]]:
        """Every place of every phrase in these words."""
        spans: dict[str, list[Span]] = {}
        padded = (*words, "")  # no phrase goes on with it
        for start, branches in [(at, found) for at, found in enumerate(map(self.__getitem__, words)) if found]:
            after = start
            while branches:
                after += 1
                for branch in branches:
                    if branch.phrase:
                        spans.setdefault(branch.phrase, []).append((start, after))
                word = padded[after]
                branches = branches[0][word] if len(branches) == 1 else tuple(b for one in branches for b in one[word])
        return spans


class Matcher:
    """All entries, asked of one folded text at a time: name → rules, and the phrases blanked before they look."""

    def __init__(self, entries: Mapping[str, tuple[Sequence[Node], Sequence[str]]]) -> None:
        self._rules = [
            (name, Rule(find_needs(node), compile_rule(node))) for name, (nodes, _) in entries.items() for node in nodes
        ]
        self._by_anchor: dict[str, list[int]] = {}
        for number, (_, rule) in enumerate(self._rules):
            for anchor in rule.needs[0]:
                self._by_anchor.setdefault(anchor, []).append(number)
        self._not_phrases = {
            name: frozenset(" ".join(fold_words(phrase)) for phrase in phrases)
            for name, (_, phrases) in entries.items()
        }
        self._blanked = frozenset[str]().union(*self._not_phrases.values())
        leaves = {write(leaf) for nodes, _ in entries.values() for node in nodes for leaf in find_leaves(node)}
        self._phrases = sorted(self._blanked | leaves)
        self._tree = Branch()
        for phrase in self._phrases:
            self._tree.add(phrase)

    # Most texts hold no anchor, and the smaller search tells it in half the time of the other.
    @cached_property
    def _begins(self) -> Search:
        return make_search(sorted(self.anchors))

    @cached_property
    def _present(self) -> Search:
        return make_search(self._phrases)

    @cached_property
    def _search(self) -> CandidateSearch | None:
        tree = grow(self._phrases, kinds_of_folded_characters())
        return CandidateSearch(tree, self._phrases, [rule.needs for _, rule in self._rules]) if tree else None

    @property
    def anchors(self) -> frozenset[str]:
        """Phrases of which every text that matches holds one."""
        return frozenset(self._by_anchor)

    def match_all(self, texts: pa.LargeStringArray) -> Iterator[tuple[int, str, str]]:
        """What `match` says of the folded texts, each with its row; compiled code says where to look, if there is any.

        The array holds no NULL.
        """
        found = self._search.search(texts, READ_CHARACTERS) if self._search else None
        for candidate in range(len(texts)) if found is None else found:
            if isinstance(candidate, int):
                row, matches = candidate, self.match(fold(texts[candidate].as_py()))
            else:
                row, words = candidate.row, split(fold(texts[candidate.row].as_py()))
                matches = self._locate(candidate.rules, words, candidate.places)
            for name, evidence in matches:
                yield row, name, evidence

    def match(self, folded: str) -> Iterator[tuple[str, str]]:
        """The entries that a rule finds, in their order, each with the words of the first such rule."""
        if not self._begins(folded):
            return
        present = frozenset(self._phrases[number] for number in self._present(folded) or ())
        begun = sorted({number for phrase in present for number in self._by_anchor.get(phrase, ())})
        possible = [number for number in begun if not any(map(present.isdisjoint, self._rules[number][1].needs))]
        if possible:
            words = split(folded)
            yield from self._locate(possible, words, self._tree.find(words))

    def _locate(self, possible: Sequence[int], words: Sequence[str], spans: Spans) -> Iterator[tuple[str, str]]:
        for name, rules in groupby((self._rules[number] for number in possible), key=itemgetter(0)):
            here, places = words, spans
            if own := spans.keys() & self._not_phrases[name]:
                here, places = blank(words, own, spans)
            found = next((span for _, rule in rules if (span := rule.locate(places))), None)
            if found:
                yield name, " ".join(here[found[0] : found[1]])


def make_search(phrases: Sequence[str]) -> Search:
    """A function that says of a folded text which phrases it holds, by number; not where, and so it is fast."""
    options = re2.Options()
    options.max_mem = SEARCH_MEMORY
    search = re2.Set.SearchSet(options)
    for phrase in phrases:
        words = f"{EDGE}+".join(word.replace("*", f"{LETTER}*") for word in phrase.split())
        # What follows the start of a truncated word is all one, and to leave it out saves a fifth.
        search.Add(f"{EDGE}{words.removesuffix(f'{LETTER}*')}" if phrase.endswith("*") else f"{EDGE}{words}{EDGE}")
    search.Compile()
    return search.Match  # type: ignore[no-any-return]  # the library has no types


def split(folded: str) -> list[str]:
    """The words of a folded text; the marks @ and # only separate here."""
    return folded.replace("@", " ").replace("#", " ").split()


def write(leaf: Leaf) -> str:
    return " ".join(leaf.words)


def blank(words: Sequence[str], phrases: AbstractSet[str], spans: Spans) -> tuple[list[str], Spans]:
    """The words with one blank in place of each of the phrases; of two that overlap the first, then the longer.

    And where all phrases stand then: no new one comes up, as none holds a blank.
    """
    kept: list[str] = []
    places: list[int] = []  # of each word in what is kept, −1 where it is not
    end = 0
    for start, after in sorted((span for phrase in phrases for span in spans[phrase]), key=lambda s: (s[0], -s[1])):
        if start >= end:
            places += (*range(len(kept), len(kept) + start - end), *(-1 for _ in range(start, after)))
            kept += (*words[end:start], BLANK)
            end = after
    places += range(len(kept), len(kept) + len(words) - end)
    left = {
        phrase: [(places[start], places[after - 1] + 1) for start, after in found if min(places[start:after]) >= 0]
        for phrase, found in spans.items()
    }
    return [*kept, *words[end:]], {phrase: found for phrase, found in left.items() if found}


def compile_rule(node: Node) -> Locate:
    """A node of a query as a function of what was found. Raises ValueError for a NOT that is no part of an AND."""
    match node:
        case Or(parts):
            return locate_any([compile_rule(part) for part in parts])
        case And(parts):
            conditions = [
                (compile_rule(part.part), False) if isinstance(part, Not) else (compile_rule(part), True)
                for part in parts[1:]
            ]
            return locate_all(compile_rule(parts[0]), conditions)
        case Near(left, right, distance):
            return locate_near(frozenset(map(write, left)), frozenset(map(write, right)), distance)
        case Not():
            raise ValueError(f"a rule cannot begin with NOT; put before {node} what is looked for")
        case _:
            return locate_phrase(write(node))


def locate_phrase(phrase: str) -> Locate:
    return lambda spans: spans[phrase][0] if phrase in spans else None


def locate_any(parts: Sequence[Locate]) -> Locate:
    return lambda spans: next((found for part in parts if (found := part(spans))), None)


def locate_all(first: Locate, conditions: Sequence[tuple[Locate, bool]]) -> Locate:
    def locate(spans: Spans) -> Span | None:
        found = first(spans)
        return found if found and all((part(spans) is not None) == wanted for part, wanted in conditions) else None

    return locate


def locate_near(left: frozenset[str], right: frozenset[str], distance: int) -> Locate:
    def locate(spans: Spans) -> Span | None:
        ones = sorted(span for phrase in spans if phrase in left for span in spans[phrase])
        if not ones:
            return None
        others = sorted(span for phrase in spans if phrase in right for span in spans[phrase])
        starts = [start for start, _ in others]
        reach = distance + max((end - start for start, end in others), default=0)
        found: Span | None = None
        for start, end in ones:
            if found and start - reach > found[0]:  # no pair from here on begins as early
                break
            near = others[bisect_left(starts, start - reach) : bisect_right(starts, end + distance)]
            for first, after in near:
                if 0 <= first - end <= distance or 0 <= start - after <= distance:
                    pair = min(start, first), max(end, after)
                    found = pair if found is None else min(found, pair)
        return found

    return locate


def find_needs(node: Node) -> tuple[frozenset[str], ...]:
    """Sets of phrases: every match of `node` holds one of each. The first is of what was written first."""
    match node:
        case Or(parts):
            return (frozenset[str]().union(*(find_needs(part)[0] for part in parts)),)
        case And(parts):
            return tuple(need for part in parts if not isinstance(part, Not) for need in find_needs(part))
        case Near(left, right):
            return frozenset(map(write, left)), frozenset(map(write, right))
        case Not():
            raise ValueError(f"a rule cannot begin with NOT; put before {node} what is looked for")
        case _:
            return (frozenset([write(node)]),)


def find_leaves(node: Node) -> Iterator[Leaf]:
    """Every leaf under a node, those under NOT too."""
    match node:
        case And(parts) | Or(parts):
            for part in parts:
                yield from find_leaves(part)
        case Not(part):
            yield from find_leaves(part)
        case Near(left, right):
            yield from (*left, *right)
        case _:
            yield node
