"""What a question may ask: one statement that reads the store's own tables and views, and nothing of the machine.

The published copy is opened read-only, with files and network switched off, so that nothing can be written or reached
whatever is asked. What is left is what DuckDB tells of itself: where its files lie, its settings, its log. The rule
looks at the statement as DuckDB has parsed it, never at its text, and names what is allowed, so that what a later
DuckDB brings is refused until somebody has looked at it:

- every table is one of the store, of information_schema, or defined in the statement (WITH);
- every table function is one of TABLE_FUNCTIONS, which make rows of their arguments;
- every function is one that DuckDB itself calls a pure function of its arguments, an aggregate, or one of HARMLESS; a
  macro is what it is made of.
"""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any

import duckdb

from flows.errors import UsageError
from flows.terminal import printable

TABLE_FUNCTIONS = frozenset({"generate_series", "json_each", "json_tree", "range", "repeat", "unnest"})
"""They make rows of their arguments alone."""

HARMLESS = frozenset(
    {
        "current_date",
        "current_localtime",
        "current_localtimestamp",
        "error",
        "gen_random_uuid",
        "get_current_time",
        "get_current_timestamp",
        "now",
        "random",
        "setseed",
        "today",
        "transaction_timestamp",
        "uuid",
        "uuidv4",
        "uuidv7",
    }
)
"""Not pure, and tell nothing but the time or chance."""

NOT_PURE = frozenset({"current_setting", "getvariable", "json_serialize_plan"})
"""Called pure by DuckDB 1.5, though they tell settings (the plan has them evaluated)."""

TABLE_KINDS = frozenset(
    {"BASE_TABLE", "EMPTY", "EXPRESSION_LIST", "JOIN", "PIVOT", "SHOW_REF", "SUBQUERY", "TABLE_FUNCTION"}
)
SHOWN = frozenset({"", "__show_tables_expanded", '"databases"', '"tables"', '"schemas"', '"variables"'})
"""What stands for a table in SHOW …; DESCRIBE and SUMMARIZE of a table hold a query of their own."""

# DuckDB tells where a word begins; up to the next one it may be followed by space and comments.
_WORD = re.compile(r"""'.*'|"(?:[^"]|"")*"|(?:(?!/\*|--)\S)+""", re.DOTALL)

HOW = "give SELECT, WITH, FROM, DESCRIBE, SHOW, SUMMARIZE, PIVOT or EXPLAIN"


@dataclass(frozen=True, slots=True)
class Function:
    """A function of DuckDB's catalogue; one name may have several."""

    kind: str  # scalar, aggregate, window, macro, table, table_macro, pragma
    pure: bool
    definition: str  # of a macro, else empty


@cache
def functions() -> dict[str, list[Function]]:
    """Every function that this DuckDB has without loading anything, by its name in lower case."""
    found: dict[str, list[Function]] = {}
    with duckdb.connect() as connection:
        rows = connection.execute(
            "SELECT lower(function_name), function_type, stability, coalesce(macro_definition, '') "
            "FROM duckdb_functions() WHERE internal"
        ).fetchall()
    for name, kind, stability, definition in rows:
        found.setdefault(name, []).append(Function(kind, stability == "CONSISTENT", definition))
    return found


@cache
def own_tables() -> frozenset[str]:
    """Tables and views that DuckDB has of itself, beside those of information_schema."""
    with duckdb.connect() as connection:
        rows = connection.execute(
            "SELECT lower(view_name) FROM duckdb_views() WHERE internal AND schema_name <> 'information_schema'"
        ).fetchall()
    return frozenset(name for (name,) in rows)


def check_question(connection: duckdb.DuckDBPyConnection, sql: str) -> None:
    """Raises UsageError, in one line, for anything but one statement that reads the store behind `connection`."""
    if "\0" in sql:
        raise UsageError("the question holds a NUL character; leave it out")
    if not is_text(sql):
        raise UsageError("the question is no UTF-8 text; save it as such")
    try:
        # Not that of the module: to see what IMPORT DATABASE holds, it would read a file.
        statements = connection.extract_statements(sql)
    except duckdb.Error as problem:
        raise UsageError(one_line(problem)) from None
    if not statements:
        raise UsageError(f"there is no statement; {HOW}")
    kinds = [statement.type.name for statement in statements]
    # Of a PIVOT that names no values DuckDB makes several, without a text: those that look for them, and the question.
    looking = len(kinds) > 1 and {*kinds[:-1]} == {"CREATE"} and not any(each.query for each in statements)
    if kinds == ["MULTI"] or (looking and kinds[-1] == "SELECT"):
        _check_pivot(sql)
        return
    first = next((word.upper() for _, word in _words(sql)), "")
    if not {"SELECT", "EXPLAIN"}.issuperset(kinds[:1]) and first not in ("PIVOT", "SELECT", "WITH", "FROM", "("):
        raise UsageError(f"{first}: sql only reads; {HOW}")
    if len(statements) != 1:
        raise UsageError(f"sql takes one statement, not {len(statements)}; send them one by one")
    if kinds[0] not in ("SELECT", "EXPLAIN"):
        raise UsageError(f"{kinds[0]}: sql only reads; {HOW}")
    if statements[0].named_parameters:
        raise UsageError("sql takes no parameters; write the values into the statement")
    try:
        tree = _tree(connection, sql if kinds[0] == "SELECT" else _explained(connection, sql))
    except RecursionError:
        raise UsageError("the question is nested too deeply to be looked at; write it flatter") from None
    if tree is None:  # as PRAGMA, which some of are SELECT to DuckDB, and EXPLAIN of what writes
        values = " (in EXPLAIN a PIVOT must name its values: ON column IN (…))" if first == "EXPLAIN" else ""
        raise UsageError(f"{first}: sql only reads; {HOW}{values}")
    try:
        _check_tree(tree, _relations(connection))
    except RecursionError:
        raise UsageError("the question is nested too deeply to be looked at; write it flatter") from None


def split_statements(text: str) -> tuple[list[str], str]:
    """The statements of a text that end with a semicolon, and the rest that does not yet.

    A semicolon inside a string, a quoted name or a comment ends nothing.
    """
    raw, begun, ended = text.encode(), 0, []
    for start, word in _words(text):
        if word == ";":
            ended.append(raw[begun:start].decode())
            begun = start + 1
    return [each for each in ended if any(_words(each))], raw[begun:].decode()


def is_text(read: str) -> bool:
    """Whether what was read is text: of bytes that are no UTF-8, Python makes what cannot be written as such."""
    try:
        read.encode()
    except UnicodeEncodeError:
        return False
    return True


def is_begun(text: str) -> bool:
    """Whether there is more in a text than white space and whole comments."""
    return "/*" in text or any(_words(text))


def one_line(problem: duckdb.Error) -> str:
    """DuckDB's message without the picture of the statement; where it says how to do it right, that stays."""
    text = str(problem).split("\n\nLINE ")[0]
    return printable(" ".join(text.split()))


def _tree(connection: duckdb.DuckDBPyConnection, sql: str) -> dict[str, Any] | None:
    """The statement as DuckDB parses it, None where it is none that only reads."""
    row = connection.execute("SELECT json_serialize_sql(?::VARCHAR)", [sql]).fetchall()[0]
    tree: dict[str, Any] = json.loads(row[0])
    return None if tree.get("error") else tree


def _explained(connection: duckdb.DuckDBPyConnection, sql: str) -> str:
    """What is to be explained: the statement without EXPLAIN and its options."""
    raw, words = sql.encode(), list(_words(sql))[1:]
    if words and words[0][1].upper() == "ANALYZE":
        words = words[1:]
    rest = raw[words[0][0] :].decode() if words else ""
    if words and words[0][1] == "(" and _tree(connection, rest) is None:  # options, not a statement in parentheses
        closed = next((at for at, (_, word) in enumerate(words) if word == ")"), len(words) - 1)
        rest = raw[words[closed + 1][0] :].decode() if closed + 1 < len(words) else ""
    return rest


def _relations(connection: duckdb.DuckDBPyConnection) -> tuple[str, frozenset[str], frozenset[str]]:
    """The store's name in DuckDB, its tables and views, and the views of information_schema."""
    rows = connection.execute(
        "SELECT lower(current_database()), lower(schema_name), lower(view_name), internal FROM duckdb_views() "
        "UNION ALL "
        "SELECT lower(current_database()), lower(schema_name), lower(table_name), internal FROM duckdb_tables()"
    ).fetchall()
    own = frozenset(name for _, schema, name, internal in rows if schema == "main" and not internal)
    schema_views = frozenset(name for _, schema, name, _ in rows if schema == "information_schema")
    return rows[0][0], own, schema_views


def _check_tree(tree: dict[str, Any], relations: tuple[str, frozenset[str], frozenset[str]]) -> None:
    database, own, schema_views = relations
    nodes = list(_nodes(tree))
    named = {str(each["key"]).lower() for node in nodes for each in (node.get("cte_map") or {}).get("map", [])}
    for node in nodes:
        kind = node.get("type")
        if "alias" in node and "sample" in node and kind not in TABLE_KINDS:
            raise UsageError(f"{kind}: is not known here as something that only reads; ask in another way")
        if kind == "BASE_TABLE":
            name, schema = str(node["table_name"]), str(node["schema_name"]).lower()
            catalogue = str(node["catalog_name"]).lower()
            known = (
                name.lower() in schema_views and catalogue in ("", database, "system")
                if schema == "information_schema"
                else (name.lower() in own and {schema, catalogue} <= {"", "main", database})
                # A name of DuckDB's own stays refused: where that WITH does not reach, it would be DuckDB's.
                or (not schema and not catalogue and name.lower() in named - own_tables())
            )
            if not known:
                raise UsageError(_unknown_table(".".join(filter(None, (schema, name))), own))
        elif kind == "SHOW_REF" and str(node["table_name"]) not in SHOWN:
            raise UsageError(_unknown_table(str(node["table_name"]), own))
        elif kind == "TABLE_FUNCTION":
            _check_table_function(str(node["function"].get("function_name", "")))
        elif node.get("class") in ("FUNCTION", "WINDOW") and not check_function(str(node.get("function_name", ""))):
            raise UsageError(_refused(str(node["function_name"])))


def check_function(name: str) -> bool:
    """Whether a function that is no table tells nothing but what its arguments say.

    One that this DuckDB does not know is for DuckDB to refuse: it says which were meant.
    """
    lower = name.lower()
    for each in functions().get(lower, []):
        if each.kind == "scalar" and lower not in HARMLESS and (not each.pure or lower in NOT_PURE):
            return False
        if each.kind == "macro" and not _is_harmless_macro(lower, each.definition):
            return False
    return True


@cache
def _is_harmless_macro(name: str, definition: str) -> bool:
    with duckdb.connect() as connection:
        tree = _tree(connection, f"SELECT {definition}")
    if tree is None:
        return False
    nodes = list(_nodes(tree))
    if any(node.get("type") in ("BASE_TABLE", "TABLE_FUNCTION", "SHOW_REF") for node in nodes):
        return False
    used = {str(node["function_name"]) for node in nodes if node.get("class") in ("FUNCTION", "WINDOW")}
    return all(check_function(each) for each in used if each.lower() != name)


def _check_table_function(name: str) -> None:
    if name.lower() not in TABLE_FUNCTIONS:
        raise UsageError(_refused(name))


def _refused(name: str) -> str:
    return (
        f"{printable(name)}: sql reads the store's tables and views only, no file, setting or log of the machine; "
        "leave this function out (brandtrust sql --schema shows what there is)"
    )


def _unknown_table(name: str, own: frozenset[str]) -> str:
    near = difflib.get_close_matches(name.lower(), own, n=1)
    hint = f"did you mean {near[0]}?" if near else "brandtrust sql --schema shows what there is"
    return f"{printable(name)}: is no table or view of the store, and sql reads nothing else; {hint}"


def _check_pivot(sql: str) -> None:
    """A PIVOT that looks for its own columns cannot be had as a tree: its words alone must satisfy the rule.

    That is stricter: a function is refused for its name, and a table of DuckDB's own wherever it is named.
    """
    words = [word for _, word in _words(sql)]
    if words[0].upper() not in ("PIVOT", "PIVOT_WIDER", "SELECT", "WITH", "FROM", "(") or ";" in words[:-1]:
        raise UsageError(f"{words[0].upper()}: sql takes one statement that only reads; {HOW}")
    for word, following in zip(words, [*words[1:], ""], strict=True):
        name = word.strip('"').lower()
        called = functions().get(name, []) if following == "(" else []
        if any(each.kind in ("table", "table_macro") for each in called):
            _check_table_function(name)
        if (called and not check_function(name)) or name in own_tables():
            raise UsageError(_refused(name))


def _words(text: str) -> Iterator[tuple[int, str]]:
    """The words of a statement without comments: where each begins, in bytes, and its letters, quotes included."""
    raw = text.encode()
    starts = [start for start, _ in duckdb.tokenize(text)]
    for start, end in pairwise([*starts, len(raw)]):
        found = _WORD.match(raw[start:end].decode(errors="replace"))
        if found:  # else a comment, which is a word to DuckDB 2
            yield start, found[0]


def _nodes(tree: object) -> Iterator[dict[str, Any]]:
    if isinstance(tree, dict):
        yield tree
        tree = list(tree.values())
    if isinstance(tree, list):
        for each in tree:
            yield from _nodes(each)
