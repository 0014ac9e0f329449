"""What pydantic finds wrong with a value, said as a brand file is written: lists, tables and text instead of types."""

from __future__ import annotations

from typing import TYPE_CHECKING

from brands.withheld_addresses import holds_address

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

ADDRESS_OF_TARGET = (
    'should be names of your own, such as ["press"], and no addresses: these hold secrets, so they stand in the'
    " environment (BRANDTRUST_DELIVER_PRESS); see docs/delivery.md"
)
"""Also where the address stands alone or as a key; it is never told itself."""

WORDS = {
    "string_type": 'should be text in quotes: "…"',
    "string_too_short": "is empty; write something there",
    "too_short": "is an empty list; name at least one",
    "model_type": "should be a table of keys",
    "dict_type": "should be a table of keys",
    "bool_type": "should be true or false, without quotes",
    "bool_parsing": "should be true or false, without quotes",
    "int_type": "should be a whole number, without quotes",
    "int_parsing": "should be a whole number, without quotes",
    "int_from_float": "should be a whole number",
    "float_type": "should be a number, without quotes",
    "float_parsing": "should be a number, without quotes",
    "finite_number": "should be a number that is finite",
    "path_type": 'should be the path of a file in quotes: "…"',
}


def say_in_own_words(detail: ErrorDetails) -> str:
    """How one fault goes on after the name of its key: what the value should be."""
    kind = detail["type"]
    if kind == "tuple_type":
        return _say_list(detail)
    if kind == "string_too_long":
        return f"is longer than {detail['ctx']['max_length']} characters; shorten it"
    if kind in WORDS:
        return WORDS[kind]
    return detail["msg"].removeprefix("Value error, ").replace("Input should be", "should be")


def _say_list(detail: ErrorDetails) -> str:
    """A list of texts, or one of tables that was written as one table or as a value."""
    place, value = detail["loc"], detail["input"]
    if isinstance(value, dict):
        return f"should be a list of tables; write its head in double brackets: [[{_name(place)}]]"
    if place[0] == "delivery" and holds_address(value):
        return ADDRESS_OF_TARGET
    if isinstance(value, str):
        shown = value if len(value) <= 40 else f"{value[:40]}…"
        return f'should be a list, in square brackets: {place[-1]} = ["{shown}"]'
    return "should be a list, in square brackets: […]"


def _name(place: tuple[str | int, ...]) -> str:
    return ".".join(part for part in place if isinstance(part, str))
