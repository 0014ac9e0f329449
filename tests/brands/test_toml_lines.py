"""A key of a TOML text is found on the line where an editor shows it."""

from __future__ import annotations

import tomllib

import pytest

from brands.toml_lines import find_line, find_lines

TEXT = '''\
# name = "not this one"
name = "x" # = "
"quoted key".'a b' = 1

phrases = [
    "a = 1",   # ] comment
    'b ] = [',
]
story = """
[not_a_table]
key = "no \\""" key"
"""
raw = \'\'\'
[[nor]]\'\'\'
inline = { a = 1, b = [ { c = 2 } ] }
[[sources]]
name = "one"
[sources.columns]
text = "t"
  [[ sources . gaps ]]
  since = 1
[[sources]]
name = "two"
columns.text = "u"
[report]
cron = "* * * * *"'''


@pytest.mark.parametrize(
    ("place", "line"),
    [
        (("name",), 2),
        (("quoted key", "a b"), 3),
        (("phrases",), 5),
        (("phrases", 1), 5),
        (("story",), 9),
        (("raw",), 13),
        (("inline", "b"), 15),
        (("sources", 0), 16),
        (("sources", 0, "name"), 17),
        (("sources", 0, "columns"), 18),
        (("sources", 0, "columns", "text"), 19),
        (("sources", 0, "columns", "missing"), 18),
        (("sources", 0, "gaps", 0, "since"), 21),
        (("sources", 1), 22),
        (("sources", 1, "name"), 23),
        (("sources", 1, "columns", "text"), 24),
        (("report", "cron"), 26),
        (("nowhere",), 1),
    ],
)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_key_is_found_on_its_line(place: tuple[str | int, ...], line: int, newline: str) -> None:
    """Comments, strings of several lines, nested and repeated tables do not mislead; within a value its key counts."""
    text = TEXT.replace("\n", newline)
    tomllib.loads(text)

    assert find_line(find_lines(text), place) == line


def test_a_long_file_is_walked_through_once() -> None:
    """Every line of thousands is still the right one."""
    lines = find_lines("# nothing\n" + '[[a]]\nb = "x" # }\n' * 3000)

    assert find_line(lines, ("a", 2999, "b")) == 6001
