"""Phrases of a tree in a batch of UTF-8, word by word, as numba compiles it (see `compiled`).

Arrays are plain pointers: nothing is bounds-checked, allocated or raised. Importing it takes numba's time, so it is
imported to compile only.
"""

from __future__ import annotations

from typing import Any, get_type_hints

from numba import types

from analytics.compilation import compiled, decode
from analytics.phrases.search import COUNT_CAP, Rules, Space
from analytics.phrases.trees import (
    CELLS,
    FIRST_LETTER,
    NOWHERE,
    ROOT,
    SEPARATOR,
    UNSURE,
    Bytes,
    Nodes,
    Numbers,
    Offsets,
    Tree,
)

NOT_READ = -1


@compiled
def arrive(
    node: int, begin: int, words: int, there: int, waiting: int, found: int, tree: Tree, space: Space
) -> tuple[int, int]:
    """A word led to `node`: a phrase may end there, or wait for the next word. Returns how many wait and were found."""
    if waiting == space.most_waiting or found == space.most_found:
        return waiting, space.most_found
    if tree.goes_on[node]:
        space.nodes[there + waiting] = node
        space.begins[there + waiting] = begin
        waiting += 1
    if tree.phrases[node]:
        space.found[found * 3] = tree.phrases[node] - 1
        space.found[found * 3 + 1] = begin
        space.found[found * 3 + 2] = words + 1
        found += 1
    return waiting, found


@compiled
def go_on(
    words: int, length: int, gap: int, waiting: int, begun: int, found: int, tree: Tree, space: Space
) -> tuple[int, int]:
    """Read the word in `space.word` for the phrases that wait for it; `begun` wait already for the word behind it.

    Returns how many wait for that then, and how many were found so far.
    """
    here, there = (words & 1) * space.most_waiting, (1 - (words & 1)) * space.most_waiting
    for which in range(here, here + waiting):
        node, begin = int(tree.following[space.nodes[which] * CELLS + gap]), int(space.begins[which])
        place = 0
        while node != NOWHERE:
            rest = int(tree.truncated[node])
            if rest != NOWHERE:
                begun, found = arrive(rest, begin, words, there, begun, found, tree, space)
            if place == length:
                begun, found = arrive(node, begin, words, there, begun, found, tree, space)
                break
            node = int(tree.following[node * CELLS + space.word[place]])
            place += 1
    return begun, found


@compiled
def read_character(text: Bytes, place: int, last: int, end: int, tree: Tree) -> tuple[int, int, int]:
    """The kind of the character at `place`, where the next one is, and where to stop: that is counted in characters."""
    byte = text[place]
    if byte < 128:
        return int(tree.kinds[byte]), place + 1, last
    code, size = decode(text, place)
    return int(tree.kinds[code]), place + size, min(last + size - 1, end)


@compiled
def find_phrases(text: Bytes, start: int, end: int, limit: int, tree: Tree, space: Space) -> int:
    """Write phrase, first word and the one after the last of all that is found, by where it ends.

    Returns how much that is, NOT_READ where the text has to be read another way.
    """
    place, words, waiting, found = start, 0, 0, 0
    last = min(start + limit, end)
    gap, kind = SEPARATOR, SEPARATOR
    while True:
        separators = kind < FIRST_LETTER and words > 0  # the one that ended the word before
        while place < last:
            kind, place, last = read_character(text, place, last, end, tree)
            if kind < FIRST_LETTER:
                gap = SEPARATOR if separators else kind
                separators = True
            elif kind < CELLS:
                break
            elif kind == UNSURE:
                return NOT_READ
        if not FIRST_LETTER <= kind < CELLS:
            break
        # A phrase may begin with this word: its letters are followed as they are read.
        there = (1 - (words & 1)) * space.most_waiting
        node, length, begun = ROOT, 0, 0
        while True:
            if kind < CELLS:
                space.word[length] = kind
                length += 1
                node = int(tree.following[node * CELLS + kind])
                if tree.truncated[node] != NOWHERE:
                    begun, found = arrive(int(tree.truncated[node]), words, words, there, begun, found, tree, space)
            elif kind == UNSURE:
                return NOT_READ
            kind = SEPARATOR
            if place == last:
                break
            kind, place, last = read_character(text, place, last, end, tree)
            if kind < FIRST_LETTER:
                break
        if node != NOWHERE:
            begun, found = arrive(node, words, words, there, begun, found, tree, space)
        if waiting > 0:
            begun, found = go_on(words, length, gap, waiting, begun, found, tree, space)
        waiting, gap = begun, kind
        words += 1
    return found if found < space.most_found else NOT_READ


@compiled
def count_classes(
    text: Bytes,
    ends: Offsets,
    texts: int,
    limit: int,
    tree: Tree,
    space: Space,
    class_of: Numbers,
    classes: int,
    counts: Bytes,
    unread: Bytes,
) -> None:
    """For each text and class how many of its phrases stand in it without overlapping, COUNT_CAP for so many or more.

    Writes `classes` cells of `counts` a text, and to `unread` 1 where it has to be read another way.
    """
    for which in range(texts):
        found = find_phrases(text, ends[which], ends[which + 1], limit, tree, space)
        unread[which] = found == NOT_READ
        for number in range(classes):
            # Of what overlaps, to take what ends first leaves room for the most.
            taken, count = 0, 0
            for event in range(found):
                if class_of[space.found[event * 3]] == number and space.found[event * 3 + 1] >= taken:
                    taken = space.found[event * 3 + 2]
                    count += count < COUNT_CAP
            counts[which * classes + number] = count


@compiled
def meet_needs(found: int, first: int, rules: Rules, stamp: int, space: Space, met: Numbers) -> int:
    """Write the numbers of the rules of which every need is met from `met[first]` on; returns where they end."""
    for event in range(found):
        phrase = space.found[event * 3]
        if rules.phrase_seen[phrase] == stamp:
            continue
        rules.phrase_seen[phrase] = stamp
        for place in range(rules.starts[phrase], rules.starts[phrase + 1]):
            need = rules.needs[place]
            if rules.need_seen[need] == stamp:
                continue
            rules.need_seen[need] = stamp
            rule = rules.rule_of[need]
            if rules.rule_seen[rule] != stamp:
                rules.rule_seen[rule], rules.left[rule] = stamp, rules.need_counts[rule]
            rules.left[rule] -= 1
            if rules.left[rule] == 0:
                met[first] = rule
                first += 1
    return first


@compiled
def find_candidates(
    text: Bytes,
    ends: Offsets,
    first_text: int,
    texts: int,
    limit: int,
    tree: Tree,
    space: Space,
    rules: Rules,
    met: Numbers,
    most_met: int,
    spans: Numbers,
    most_spans: int,
    borders: Numbers,
    done: Offsets,
) -> None:
    """The texts in which all needs of some rule are met: which rules, and every phrase with its place.

    From `first_text` on as long as there is room. Writes three cells of `borders` a text: where its rules end in `met`
    and its phrases in `spans`, and 1 where it has to be read another way; to `done` the text it did not come to.
    """
    rules_end = spans_end = 0
    which = first_text
    while which < texts:
        if rules_end + rules.rules > most_met or spans_end + space.most_found > most_spans:
            break
        found = find_phrases(text, ends[which], ends[which + 1], limit, tree, space)
        rules_before = rules_end
        rules_end = meet_needs(found, rules_end, rules, which + 1, space, met)
        if rules_end > rules_before:
            for cell in range(found * 3):
                spans[spans_end * 3 + cell] = space.found[cell]
            spans_end += found
        at = (which - first_text) * 3
        borders[at], borders[at + 1], borders[at + 2] = rules_end, spans_end, found == NOT_READ
        which += 1
    done[0] = which


def llvm_of(entry: Any) -> str:
    """Compile one of the entries for this processor and return it in LLVM's language. Takes seconds."""
    typed: Any = types  # numba's own functions that make types have none
    cells = {Bytes: "uint8", Nodes: "uint16", Numbers: "int32", Offsets: "int64"}
    made: dict[Any, Any] = {array: typed.CPointer(getattr(types, cell)) for array, cell in cells.items()}
    made[int] = types.int64
    for shape in (Tree, Space, Rules):
        made[shape] = typed.NamedTuple([made[hint] for hint in get_type_hints(shape).values()], shape)
    entry.compile(tuple(made[hint] for name, hint in get_type_hints(entry.py_func).items() if name != "return"))
    return str(entry.inspect_llvm(entry.signatures[0]))
