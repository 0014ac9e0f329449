"""Items of a platform on their way to posts: what is kept from a brand is counted by its reason."""

from __future__ import annotations

from datetime import datetime

from brands.query import parse
from connectors.batch import AuthorKey, Window
from connectors.items import Item, Reader
from flows.gathering import merge


def test_what_only_exclude_keeps_out_is_counted(author_key: AuthorKey) -> None:
    """Among what does not match; a post that would not match anyhow is none of it, and batches add up."""
    when = datetime(2023, 1, 2)
    texts = ("acme rocks", "acme refund desk", "refund desk of nobody", "something else")
    reader = Reader("forum", author_key, when, parse("acme", exclude='"refund desk"'))
    first = reader.batch([Item(str(number), when, text) for number, text in enumerate(texts)], Window())
    second = reader.batch([Item("9", when, "refund desk", title="Acme")], Window())
    assert (first.read, first.not_matching, first.excluded) == (4, 3, 1)
    assert (merge([first, second]).not_matching, merge([first, second]).excluded) == (4, 2)
