"""What was erased of the quarantine stays away, however its record comes again."""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.store import Store
from analytics.store.forgetting import forget_author
from analytics.store.purging import purge_expired_quarantine, purge_posts
from analytics.store.quarantine import MOST_WORDS, PAYLOAD_CHARACTERS, _ids_in, _names_in
from analytics.store.saving import Saved, save_arrival
from tests.posts import arrival, posts

BY_ANN = '{"id": "p-1", "text": "so ann says", "likes": "3"}'
BY_BOB = '{"id": "p-2", "text": "so bob says"}'
CUT_OFF = '{"record": "p-3;x.ann@host.example;x"}'


def save(store: Store, *payloads: str, line: int = 1) -> Saved:
    rejected = [{"file": "a", "line": at, "reason": "no time", "payload": p} for at, p in enumerate(payloads, line)]
    return save_arrival(store, arrival(posts([]), rejected=rejected))


def kept(store: Store) -> list[str]:
    with store.writer() as connection:
        return [row[0] for row in connection.execute("SELECT payload FROM quarantine ORDER BY line").fetchall()]


def forget(store: Store) -> None:
    forget_author(store, "ann", "run1")


def purge(store: Store) -> None:
    purge_posts(store, "forum", {"p-1": "deleted"}, "run1")


def expire(store: Store) -> None:
    with store.writer() as connection:
        connection.execute("UPDATE quarantine SET expires_at = '2020-01-01' WHERE payload LIKE '%ann%'")
    purge_expired_quarantine(store)


@pytest.mark.parametrize("erase", [forget, purge, expire])
def test_an_erased_record_does_not_come_back_with_the_same_archive(
    store: Store, erase: Callable[[Store], None]
) -> None:
    """Forgotten, deleted with its post, or kept to its last day: on whatever line it stands now. Others stay."""
    save(store, BY_ANN, BY_BOB)
    erase(store)
    assert kept(store) == [BY_BOB]
    saved = save(store, BY_BOB, BY_ANN, line=7)
    assert (saved.quarantined, saved.records_withheld) == (1, 1)
    assert kept(store) == [BY_BOB, BY_BOB]


@pytest.mark.parametrize(
    ("erase", "changed"),
    [
        (forget, '{"id": "p-1", "text": "so ANN says", "likes": "4"}'),
        (forget, '{"text": "as \uff21\uff4e\uff4e. said"}'),
        (purge, '{"id": "p-1", "text": "so ann says", "likes": "4"}'),
        (purge, '{"record": "p-1;ann;so ann"}'),
    ],
)
def test_a_record_of_the_same_post_or_author_in_other_words_does_not_come_back(
    store: Store, erase: Callable[[Store], None], changed: str
) -> None:
    """Another column mapped, a count that grew, a line that is cut off now."""
    save(store, BY_ANN)
    erase(store)
    assert save(store, changed, BY_BOB).records_withheld == 1
    assert kept(store) == [BY_BOB]


def test_a_handle_of_several_words_is_known_in_a_record_that_never_came_before(store: Store) -> None:
    """The mark of an author is enough."""
    save(store, BY_BOB)
    forget_author(store, "x.ann@host.example", "run1")
    assert save(store, CUT_OFF, line=5).records_withheld == 1
    assert kept(store) == [BY_BOB]


BEFORE = ("\n", "\t", "\r\n", '"', "\\", "\\n ", "\x0b", "\u2028")


@pytest.mark.parametrize("unread", [False, True])
def test_a_handle_or_an_id_is_known_whatever_stands_before_it(store: Store, unread: bool) -> None:
    """A record is kept as JSON, where a new line is a letter; so it is again in a line of JSON that was not read."""

    def write(start: str, end: str) -> list[str]:
        records = []
        for before, ascii_only in product(BEFORE, (True, False)):
            words = f"{start}{before}{end}"
            inner = json.dumps({"text": words}, ensure_ascii=ascii_only)
            records.append(json.dumps({"record": inner} if unread else {"text": words}, ensure_ascii=ascii_only))
        return records

    ann, again, post = write("so", "änn says"), write("then", "ÄNN said"), write("as", "p-1 has it")
    save(store, *ann, *post, BY_BOB)
    forget_author(store, "änn", "run1")
    assert kept(store) == [*post, BY_BOB]
    assert save(store, *again, line=100).records_withheld == len(again)
    purge(store)
    assert kept(store) == ([BY_BOB] if unread else [*post, BY_BOB])
    assert save(store, *post, line=200).records_withheld == (len(post) if unread else 0)


def test_a_record_that_shows_nothing_stays(store: Store) -> None:
    """Without a payload there is only our own reason, which names nobody whatever words it has."""
    save(store, "", "")
    assert forget_author(store, "time", "run1").quarantined == 0
    assert save(store, "", line=3).quarantined == 1
    assert kept(store) == ["", "", ""]


def test_only_a_keyed_mark_of_a_record_is_kept(store: Store) -> None:
    """It is made of source and content under a key of its own: who has the store alone cannot try what it was."""
    save(store, BY_ANN)
    expire(store)
    with store.writer() as connection:
        found: list[tuple[Any, ...]] = connection.execute("SELECT source, post_mark, reason FROM tombstones").fetchall()
    assert found == [("forum", store.author_keys.record_mark("forum", BY_ANN), "quarantine")]
    assert store.author_keys.record_mark("forum", "p") != store.author_keys.post_mark("forum", "p")


@given(
    st.lists(st.sampled_from(["ann", "b\u0301ob", "c_y", "1"]), min_size=1, max_size=MOST_WORDS), st.text(max_size=9)
)
def test_every_handle_of_a_few_words_is_found_in_any_text(words: list[str], around: str) -> None:
    """Whatever stands around it, as long as no letter touches it."""
    handle = ".".join(words)
    assert handle in set(_names_in(f"{around} {handle}, {around}"))


@pytest.mark.parametrize("handle", ["-dash-", "_-_x-", "Ann S.", "~ann~", "(ann)", "--ann--"])
def test_a_handle_with_punctuation_at_an_end_is_known(store: Store, handle: str) -> None:
    """Reddit lets names begin and end in - and _, other places in anything; also where more punctuation follows."""
    save(store, BY_BOB)
    forget_author(store, handle, "run1")
    records = [json.dumps({"text": text}) for text in (handle, f"by {handle}, again", f"so\n{handle}: no")]
    assert save(store, *records, line=5).records_withheld == len(records)
    assert kept(store) == [BY_BOB]


def test_a_record_that_does_not_fit_is_not_kept_in_part(store: Store) -> None:
    """Whose it is might stand in the part that is cut off."""
    save(store, json.dumps({"text": "so " * 1_000, "id": "p-1"}), BY_BOB)
    assert kept(store) == ["", BY_BOB]


def test_a_record_that_an_earlier_release_cut_goes_with_any_post(store: Store) -> None:
    """It cannot be told any more which post it names; one that was cut behind its id can."""
    whole = ['{"id": "p-2", "text": "' + "so " * 1_000, '{"text": "' + "so " * 1_000, '{"record": "' + "so " * 1_000]
    cut = [each[:PAYLOAD_CHARACTERS] for each in whole]
    save(store, *cut, BY_BOB)
    purge(store)
    assert kept(store) == [cut[0], BY_BOB]


def test_the_id_of_a_record_is_read_as_it_was_written() -> None:
    """Also with quotes in it, and where the end of the record was cut off."""
    assert _ids_in('{"text": "say \\"id\\": \\"no\\"", "id": "a\\"b", "title": "cut o') == {'a"b'}
    assert "p-1" in _ids_in('{"record": "p-1;x"}')
