"""What a query matches, and that Python and DuckDB say the same."""

from __future__ import annotations

import pickle
from collections.abc import Iterable, Sequence

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from brands.folding import READ_CHARACTERS, fold_sql
from brands.query import Query, QueryError, parse

WORDS = ["zoom", "data", "in", "terms", "été", "ς", "한글", "x_1", "ZOOM", "a", "of", "zoomed"]
BETWEEN = [
    " ",
    "  ",
    ", ",
    "-",
    "\n",
    "\0",
    "'",
    " @",
    " #",
    "@",
    "#",
    "_",
    "",
    "🔥",
    "\u0301",
    "\u00a0",
    "; DROP TABLE t; --",
]


DUCKDB = duckdb.connect(config={"threads": 1})


def ask_duckdb(query: Query, texts: Sequence[str | None]) -> list[tuple[bool, bool, str | None, str | None]]:
    """For each text: raw match, match on a folded column, evidence, evidence on a folded column."""
    posts = pa.table({"position": range(len(texts)), "text": pa.array(texts, pa.string())})
    rows = DUCKDB.register("posts", posts).execute(
        f"SELECT {query.sql('text')}, {query.sql('folded', folded=True)}, {query.evidence_sql('text')}, "
        f"{query.evidence_sql('folded', folded=True)} "
        f"FROM (SELECT *, {fold_sql('text')} AS folded FROM posts) ORDER BY position"
    )
    return rows.fetchall()


def matching(query: Query, texts: Iterable[str]) -> list[bool]:
    return [query.matches(text) for text in texts]


words = st.sampled_from(WORDS) | st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=3)
plain = words.filter(str.isalnum)
leaves = st.one_of(
    plain.map(lambda word: f'"{word}"'),
    plain.map(lambda word: f"{word[:3]}*"),
    st.lists(plain, min_size=2, max_size=3).map(lambda some: f'"{" ".join(some)}"'),
    plain.map(lambda word: f"@{word}"),
    plain.map(lambda word: f"#{word}"),
)
sides = st.lists(leaves, min_size=1, max_size=3).map(lambda some: f"({' OR '.join(some)})")
nears = st.builds(lambda left, n, right: f"{left} NEAR/{n} {right}", sides, st.sampled_from([0, 1, 3, 11, 100]), sides)
parts = st.recursive(
    leaves | nears,
    lambda inner: st.one_of(
        st.builds(lambda a, b: f"({a} AND {b})", inner, inner),
        st.builds(lambda a, b: f"({a} {b})", inner, inner),
        st.builds(lambda a, b: f"({a} OR {b})", inner, inner),
        st.builds(lambda a: f"NOT {a}", inner),
    ),
    max_leaves=6,
)
expressions = st.builds(lambda leaf, part: f"({leaf} OR {part}) AND {leaf}", leaves, parts) | leaves | nears
not_phrases = st.lists(st.lists(plain, min_size=1, max_size=2).map(" ".join), max_size=2)
tokens = st.tuples(words | st.characters(exclude_categories=["Cs"]), st.sampled_from(BETWEEN)).map("".join)
texts = st.lists(tokens, max_size=14).map("".join)
many_texts = st.lists(texts, min_size=30, max_size=60)


@settings(max_examples=settings.default.max_examples // 2)
@given(expressions, not_phrases, many_texts)
def test_duckdb_and_python_agree_on_every_text(expression: str, phrases: list[str], texts: list[str]) -> None:
    """The two back ends are one language: any expression, any Unicode text, raw or folded beforehand."""
    query = parse(expression, phrases)

    answers = ask_duckdb(query, texts)

    assert [raw for raw, _, _, _ in answers] == matching(query, texts)
    assert [folded for _, folded, _, _ in answers] == matching(query, texts)
    assert all(raw == (evidence is not None) for raw, _, evidence, _ in answers)
    assert all(evidence == from_folded for _, _, evidence, from_folded in answers)


@settings(max_examples=settings.default.max_examples // 4)
@given(expressions, not_phrases, expressions, many_texts)
def test_what_is_excluded_matches_nowhere(expression: str, phrases: list[str], exclude: str, texts: list[str]) -> None:
    """A query with `exclude` matches where it did and `exclude` does not, in both back ends and in its evidence."""
    query, without, excluded = parse(expression, phrases, exclude), parse(expression, phrases), parse(exclude)
    assert query.without_exclude == without
    assert all(query.leaves_out(text) == (without.matches(text) and not query.matches(text)) for text in texts)

    both = zip(matching(without, texts), matching(excluded, texts), strict=True)
    expected = [found and not left_out for found, left_out in both]
    answers = ask_duckdb(query, texts)

    assert matching(query, texts) == expected
    assert [raw for raw, _, _, _ in answers] == [folded for _, folded, _, _ in answers] == expected
    assert [evidence is not None for _, _, evidence, _ in answers] == expected
    assert [evidence is not None for _, _, _, evidence in answers] == expected


@given(expressions)
def test_a_printed_query_parses_to_the_same_query(expression: str) -> None:
    """`str` of the tree is an expression of the same tree and hash."""
    query = parse(expression)

    assert parse(str(query.root)).root == query.root
    assert parse(str(query.root)).hash == query.hash


@settings(max_examples=settings.default.max_examples // 2)
@given(parts, parts, leaves, many_texts)
def test_the_laws_of_logic_hold(left: str, right: str, anchor: str, texts: list[str]) -> None:
    """De Morgan's law and double negation, next to something to look for."""
    neither = parse(f"{anchor} AND NOT ({left} OR {right})")
    not_each = parse(f"{anchor} AND NOT {left} AND NOT {right}")
    twice = parse(f"{anchor} AND NOT NOT {left}")

    assert matching(neither, texts) == matching(not_each, texts)
    assert matching(twice, texts) == matching(parse(f"{anchor} AND {left}"), texts)


@settings(max_examples=settings.default.max_examples // 2)
@given(sides, sides, st.integers(0, 100), many_texts)
def test_near_has_no_direction(left: str, right: str, distance: int, texts: list[str]) -> None:
    """A NEAR/n B is B NEAR/n A, and what is near is near for a greater n too."""
    one = parse(f"{left} NEAR/{distance} {right}")
    other = parse(f"{right} NEAR/{distance} {left}")
    farther = parse(f"{left} NEAR/100 {right}")

    assert matching(one, texts) == matching(other, texts)
    assert one.hash == other.hash
    assert all(there for here, there in zip(matching(one, texts), matching(farther, texts), strict=True) if here)


@pytest.mark.parametrize(
    ("expression", "yes", "no"),
    [
        (
            "zoom",
            ["Zoom's", "(ZOOM)", "#zoom", "@zoom!", "zoom", "Zöom", "Zo\u0301om", "x zoom/y"],
            ["zoomed", "zooms", "_zoom", ""],
        ),
        ("zoom*", ["zoomed", "zoom", "Zoom-ing"], ["azoom", "zoo m"]),
        (
            '"terms of service"',
            ["Terms, of\n service!", "terms-of-service"],
            ["terms of the service", "service of terms"],
        ),
        ('"terms of serv*"', ["terms of services"], ["terms of my service"]),
        ("AT&T", ["at&t", "AT & T"], ["att", "at the t"]),
        ("café", ["CAFE", "cafe\u0301"], ["caf"]),
        ("οδος", ["ΟΔΟΣ", "οδός"], ["οδο"]),
        ("@zoom", ["@zoom hi", "ask @Zoom.", "(@zoom)", ".@zoom"], ["a@zoom.com", "zoom", "@zoomed", "@@zoo"]),
        ("#zoom", ["#Zoom", "##zoom", "(#zoom)"], ["page#zoom", "zoom", "#zoomed"]),
        ("a b", ["b a", "a, b"], ["a", "b"]),
        ("a OR b AND c", ["a", "b c"], ["b", "c"]),
        ("a NOT b", ["a"], ["a b", "b"]),
        ("a NEAR/2 b", ["a 1 2 b", "b-a", "b 1, a"], ["a 1 2 3 b", "a", "ab"]),
        ("a NEAR/0 b", ["a b", "b... a"], ["a 1 b"]),
        ("zoom NEAR/3 zoom", ["zoom and zoom"], ["zoom", "zoom 1 2 3 4 zoom"]),
        ('(data OR "my calls") NEAR/1 (sell* OR #ad)', ["they sell my calls", "data, a #ad"], ["sell me the data"]),
        ('"5 * star" OR "** x **"', ["5-star", "x"], ["50 star", "xy"]),
        ("NOT (NOT a AND NOT b)", ["a", "b"], ["c"]),
        ("x (longword OR NOT c)", ["x", "x longword c"], ["x c", "longword"]),
        ("(a OR c) NOT (b OR NOT d)", ["a d"], ["a", "a b d", "d"]),
        ('"and" "OR"', ["and or"], ["and"]),
        ("“terms of” use", ["use the terms of"], ["terms"]),
    ],
)
def test_what_an_expression_matches(expression: str, yes: list[str], no: list[str]) -> None:
    """The language by example; DuckDB is asked the same."""
    query = parse(expression)

    assert [text for text in yes if not query.matches(text)] == []
    assert [text for text in no if query.matches(text)] == []
    assert [raw for raw, *_ in ask_duckdb(query, yes + no)] == [True] * len(yes) + [False] * len(no)


@pytest.mark.parametrize(
    ("text", "matches"),
    [
        ("let me zoom in", False),
        ("Zoom in zoom in, zoom in; zoom-in zoom lens zoom in", False),
        ("I zoomed", False),
        ("zoom in on Zoom's new terms", True),
        ("#zoom in the classroom", False),
        ("zoom inside", True),
    ],
)
def test_not_phrases_are_blanked_before_matching(text: str, matches: bool) -> None:
    """Adjacent occurrences all go, and what is left of the post still counts."""
    query = parse("zoom", ["zoom in", "zoom lens"])

    assert query.matches(text) is matches
    assert [raw for raw, *_ in ask_duckdb(query, [text])] == [matches]


def test_a_blanked_phrase_does_not_join_its_neighbours() -> None:
    """It leaves one word behind, which no query can ask for."""
    query = parse('"terms of" OR terms NEAR/0 of', ["zoom in"])

    assert matching(query, ["terms zoom in of", "terms of"]) == [False, True]
    assert parse("terms NEAR/1 of", ["zoom in"]).matches("terms zoom in of")


def test_only_the_first_characters_are_read() -> None:
    """A brand named after 20,000 characters is not seen by either back end."""
    query = parse("zoom")
    texts = [
        "." * (READ_CHARACTERS - 4) + "zoom",
        "." * (READ_CHARACTERS - 3) + "zoom",
        "é" * READ_CHARACTERS + " zoom",
    ]

    assert matching(query, texts) == [True, False, False]
    assert [raw for raw, *_ in ask_duckdb(query, texts)] == [True, False, False]


def test_null_is_no_match() -> None:
    """A missing text gives false, not NULL, so that NOT of it is no surprise."""
    assert ask_duckdb(parse("zoom", ["zoom in"]), [None]) == [(False, False, None, None)]
    assert ask_duckdb(parse("zoom NOT lens"), [None]) == [(False, False, None, None)]


@pytest.mark.parametrize("word", ["x'; DROP TABLE posts; --", 'a"b', "\\", "(?i)zoom.", "{0,9}", "$a$", "\0z"])
def test_no_expression_can_break_the_sql(word: str) -> None:
    """Quotes, semicolons and the signs of regular expressions separate words and nothing else."""
    query = parse(f'zoom OR "{word.replace(chr(34), " ")} z"', [f"{word} q"])

    assert [raw for raw, *_ in ask_duckdb(query, ["zoom", "posts"])] == [True, False]


def test_evidence_is_the_first_span_that_speaks_for_the_match() -> None:
    """Excluded words are no evidence, and a NEAR shows what stands between its sides."""
    query = parse('(data NEAR/5 (train* OR sell) OR "terms of use") NOT lens')

    answers = ask_duckdb(
        query, ["They TRAIN   AI on our data; terms of use", "The Terms-of-Use!", "data", "sell data lens"]
    )

    assert [evidence for *_, evidence in answers] == ["train ai on our data", "terms of use", None, None]


def test_terms_are_what_a_matching_post_may_hold() -> None:
    """For platforms that know no more than words: leaves in order, once each, none that NOT excludes."""
    query = parse('zoom AND (data NEAR/3 share* OR @zoom OR "terms of use" OR zoom) NOT lens')

    assert [str(leaf) for leaf in query.terms()] == ["zoom", "data", '"share*"', "@zoom", '"terms of use"']


def test_the_hash_follows_the_meaning() -> None:
    """White space, case, accents and order change nothing; words, operators and not_phrases do."""
    same = [parse(text).hash for text in ("a AND (b OR Été)", "  A  (ete\nOR b) ", '("b" OR ete) AND a')]
    other = [
        parse(text).hash for text in ("a OR (b AND ete)", "a AND (b OR ete*)", "a AND (b OR @ete)", "a NOT (b OR ete)")
    ]

    assert len(set(same)) == 1
    assert len({*same, *other, parse("a AND (b OR ete)", ["a c"]).hash}) == 6
    left_out = [parse("a AND (b OR ete)", exclude=spam).hash for spam in ("b OR c", "C OR b", "b")]
    assert left_out[0] == left_out[1]
    assert len({*same, *left_out}) == 3
    assert parse("a", ["b c", "d"]).hash == parse("a", ["D", "B  c"]).hash


def test_a_used_query_travels_to_another_process() -> None:
    """Task runners pickle what they are given."""
    query = parse("zoom NOT lens", ["zoom in"], "camera")
    query.matches("zoom")

    copy = pickle.loads(pickle.dumps(query))

    assert copy == query
    assert copy.matches("Zoom")
    assert not copy.matches("Zoom camera")


@pytest.mark.parametrize(
    ("expression", "position", "says"),
    [
        ("", 1, "empty"),
        ("zoom AND (terms", 10, 'the "(" is never closed'),
        ("zoom) terms", 5, 'the ")" closes nothing'),
        ('zoom "in terms', 6, "quotation mark"),
        ("zoom AND", 9, "ends too early; expected a word"),
        ("zoom AND OR terms", 10, 'found "OR", expected a word'),
        ("()", 2, 'found ")"'),
        ("NOT zoom", 1, "only excludes"),
        ("zoom OR NOT lens", 1, "only excludes"),
        ("zoom or teams", 6, "write OR"),
        ("zoom NEAR terms", 6, "NEAR/5"),
        ("zoom NEAR/101 terms", 6, "at most NEAR/100"),
        ("a NEAR/3 b NEAR/3 c", 12, "three need AND"),
        ("a NEAR/3 (b AND c)", 3, "cannot stand inside"),
        ("zoom -lens", 6, "NOT lens"),
        ("zo*om", 1, "only end a word"),
        ("zoom 🔥", 6, "no letter or digit"),
        ('zoom ""', 6, "no letter or digit"),
        ("zoom @", 6, "no letter or digit"),
        ("zoom __", 6, "underscores"),
        ("(" * 5000 + "a" + ")" * 5000, 51, "nesting"),
        ("NOT " * 5000 + "a", 201, "nesting"),
    ],
)
def test_a_query_that_cannot_be_read_says_where_and_what_to_do(expression: str, position: int, says: str) -> None:
    """One line with the position, what was found and what was expected."""
    with pytest.raises(QueryError) as caught:
        parse(expression)

    assert caught.value.position == position
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_not_phrase_without_a_word_is_an_error() -> None:
    """It could never be blanked."""
    with pytest.raises(QueryError, match="not_phrase"):
        parse("zoom", ["!!"])


def test_a_query_of_many_words_runs_in_both_back_ends() -> None:
    """What can be read can be asked."""
    query = parse(
        " OR ".join(f"word{number}" for number in range(2_000)), [f"word{number} of" for number in range(500)]
    )
    texts = ["word7 of word8 of", "Word7", "wörd1999"]

    assert matching(query, texts) == [False, True, True]
    assert [raw for raw, *_ in ask_duckdb(query, texts)] == [False, True, True]


def test_a_query_too_large_for_re2_is_an_error() -> None:
    """It fails when it is read, not in the middle of a run."""
    side = " OR ".join(f"word{number}*" for number in range(10_000))

    with pytest.raises(QueryError, match="too large"):
        parse(f"({side}) NEAR/100 ({side})")
