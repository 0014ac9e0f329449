"""The query language: from what a person writes to a tree, or to an error that says what to write instead.

    zoom                   the word, in any case and with any accents: "Zoom's", "#zoom" and "ZOOM!" too, "zoomed" not
    zoom*                  every word that begins so; the star also works within a phrase
    "terms of service"     the words in this order, whatever stands between them other than words
    AT&T                   the same as "AT&T": punctuation separates words
    @zoom   #zoom          a handle, not within an address such as a@zoom.com; a tag, not within page#zoom
    data NEAR/5 (sell OR share*)
                           at most 5 words between, in either order; terms, phrases, handles, tags or OR-groups of them
    a b   a AND b          both
    a OR b   NOT a         either; not
    ( … )                  AND binds closer than OR

Operators are written in upper case. A lower-case and, or, not or near/5 outside quotation marks is an error rather than
a word, since it is nearly always a slip that would quietly find nothing. So is a query that a post without any words
would match, such as one of NOT alone: it would ask for nearly every post there is.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from lark import Lark, Token, Tree
from lark.exceptions import UnexpectedCharacters, UnexpectedToken

from brands.syntax_tree import (
    RESERVED,
    And,
    Handle,
    Leaf,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Prefix,
    Tag,
    Term,
    fold_words,
    matches_nothing,
)

MAX_DISTANCE = 100
MAX_NESTING = 50

_GRAMMAR = Path(__file__).with_name("query.lark")
_EXPECTED = {
    "WORD": "a word",
    "PHRASE": "a phrase",
    "LPAR": '"("',
    "RPAR": '")"',
    "_NOT": "NOT",
    "_AND": "AND",
    "_OR": "OR",
    "NEAR": "NEAR/n",
    "$END": "the end",
}


class QueryError(ValueError):
    """A query cannot be read. One line; `position` counts its characters from 1."""

    def __init__(self, problem: str, position: int) -> None:
        super().__init__(f"query, character {position}: {problem}")
        self.problem = problem
        self.position = position


def parse_expression(expression: str) -> Node:
    """The tree of a query. Raises QueryError."""
    _check_pairs(expression)
    try:
        tree = _parser().parse(expression)
    except UnexpectedToken as error:
        raise _explain(error, expression) from None
    node = _build(tree.children[0])
    if matches_nothing(node):
        raise QueryError("it only excludes; add with AND what to look for", 1)
    return node


@cache
def _parser() -> Lark:
    return Lark(_GRAMMAR.read_text(encoding="utf-8"), parser="lalr", lexer="basic", propagate_positions=True)


def _check_pairs(expression: str) -> None:
    """Raise for a quotation mark or a parenthesis that stands alone, and for a depth that would exhaust the stack."""
    opened: list[int] = []
    negations = 0
    try:
        tokens = list(_parser().lex(expression))
    except UnexpectedCharacters as error:  # every other character begins a word
        raise QueryError(f"the quotation mark {error.char} has no partner", (error.pos_in_stream or 0) + 1) from None
    for token in tokens:
        position = (token.start_pos or 0) + 1
        if token.type == "LPAR":
            opened.append(position)
        elif token.type == "RPAR":
            if not opened:
                raise QueryError('the ")" closes nothing; remove it or add a "("', position)
            opened.pop()
        negations = negations + 1 if token.type == "_NOT" else 0
        if len(opened) + negations > MAX_NESTING:
            raise QueryError(f"more than {MAX_NESTING} levels of nesting", position)
    if opened:
        raise QueryError('the "(" is never closed; add a ")"', opened[-1])


def _explain(error: UnexpectedToken, expression: str) -> QueryError:
    names = [text for name, text in _EXPECTED.items() if name in error.accepts or name in error.expected]
    expected = f"expected {', '.join(names[:-1])} or {names[-1]}" if names[1:] else f"expected {''.join(names)}"
    if error.token.type == "$END":
        found = "it is empty" if not expression.strip() else "it ends too early"
        return QueryError(f"{found}; {expected}", len(expression.rstrip()) + 1)
    if error.token.type == "NEAR" and expected.count("NEAR") == 0:
        expected += "; NEAR joins two terms, phrases or OR-groups, and three need AND"
    return QueryError(f'found "{error.token.value}", {expected}', (error.token.start_pos or 0) + 1)


def _build(tree: Tree[Token] | Token) -> Node:
    if isinstance(tree, Token):
        return _read_phrase(tree) if tree.type == "PHRASE" else _read_word(tree)
    if tree.data == "near":
        left, token, right = tree.children
        assert isinstance(token, Token)
        distance = int(token.removeprefix("NEAR/"))
        if distance > MAX_DISTANCE:
            raise QueryError(f"{token} reaches too far; at most NEAR/{MAX_DISTANCE}", (token.start_pos or 0) + 1)
        return Near(_near_side(left, token), _near_side(right, token), distance)
    parts = tuple(map(_build, tree.children))
    if tree.data == "not":
        return Not(parts[0])
    if tree.data == "group" or len(parts) == 1:
        return parts[0]
    kind = Or if tree.data == "any" else And
    flat = (part.parts if isinstance(part, kind) else (part,) for part in parts)
    return kind(tuple(part for group in flat for part in group))


def _near_side(tree: Tree[Token] | Token, near: Token) -> tuple[Leaf, ...]:
    node = _build(tree)
    leaves = tuple(part for part in (node.parts if isinstance(node, Or) else (node,)) if isinstance(part, Leaf))
    if len(leaves) != (len(node.parts) if isinstance(node, Or) else 1):
        raise QueryError(
            f"{near} joins terms, phrases or OR-groups of them; AND, NOT and NEAR cannot stand inside it",
            (near.start_pos or 0) + 1,
        )
    return leaves


def _read_word(token: Token) -> Leaf:
    text, position = str(token), (token.start_pos or 0) + 1
    if text.lower() in RESERVED or text.lower().startswith("near/"):
        if text.lower().startswith("near"):
            advice = "write NEAR/n with a number, such as NEAR/5"
        else:
            advice = f"operators are upper case: write {text.upper()}"
        raise QueryError(f'found "{text}"; {advice}, or put the word in quotation marks', position)
    if text[0] in "-!" and fold_words(text):
        raise QueryError(f'found "{text}"; to exclude a word write NOT {text[1:]}', position)
    if "*" in text[:-1]:
        raise QueryError(f'found "{text}"; the star * can only end a word', position)
    if text[0] in "@#":
        _check_words(text[1:], position)
        return Handle(text[1:]) if text[0] == "@" else Tag(text[1:])
    return _make_leaf(text, position)


def _read_phrase(token: Token) -> Leaf:
    return _make_leaf(token[1:-1].replace('"', " "), (token.start_pos or 0) + 1)


def _make_leaf(text: str, position: int) -> Leaf:
    words = _check_words(text, position)
    if len(words) > 1:
        return Phrase(text)
    if words[0].endswith("*"):
        return Prefix(text.rstrip().removesuffix("*"))
    return Term(text)


def _check_words(text: str, position: int) -> tuple[str, ...]:
    words = fold_words(text)
    if not words:
        raise QueryError(f'"{text}" has no letter or digit to look for', position)
    if any(not word.strip("_*") for word in words):
        # A blanked phrase becomes a lone underscore, which therefore must not be findable.
        raise QueryError(f'"{text}" has a word of underscores alone', position)
    return words
