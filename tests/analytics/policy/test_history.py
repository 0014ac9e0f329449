"""The store keeps every version, compares what was not compared, and remembers what a person said."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from analytics.policy import history, listing
from analytics.policy.history import VersionConflict, confirm_change, save_versions, update_changes
from analytics.policy.listing import UnknownChange, find_change, list_versions
from analytics.policy.watched_pages import Look, find_known, save_look
from analytics.store import Store, read
from tests.recorded_terms import FIRST, SECOND, THIRD


@dataclass(frozen=True)
class Recorded:
    """A version as a connector gives it."""

    recorded_at: datetime
    text: str
    document: str = "Terms"
    origin: str = "repository"
    reference: str = "c0ffee"
    technical: bool = False


VERSIONS = [
    Recorded(datetime(2023, 1, 2), FIRST),
    Recorded(datetime(2023, 4, 1, 6, 45), SECOND),
    Recorded(datetime(2023, 5, 1), SECOND + "\n\n* * *\n", technical=True),
    Recorded(datetime(2023, 8, 7, 18, 49), THIRD),
]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "a.duckdb")


def changes(store: Store, brand: str) -> list[tuple[object, ...]]:
    sql = "SELECT * EXCLUDE (brand, rules) FROM policy_changes WHERE brand = ? ORDER BY recorded_at"
    with store.writer() as connection:
        return connection.execute(sql, [brand]).fetchall()


def test_versions_are_kept_once(store: Store) -> None:
    """Again, and together with others, nothing is added twice."""
    assert save_versions(store, "acme", VERSIONS[:2]) == history.SavedVersions(2, 0)
    assert save_versions(store, "acme", VERSIONS) == history.SavedVersions(2, 2)
    assert save_versions(store, "acme", VERSIONS) == history.SavedVersions(0, 4)
    assert save_versions(store, "bolt", VERSIONS[:1]) == history.SavedVersions(1, 0)
    assert save_versions(store, "acme", []) == history.SavedVersions(0, 0)


def test_another_text_of_the_same_moment_is_refused_whole(store: Store) -> None:
    """Neither it nor what came with it is saved, and the line says which stands."""
    save_versions(store, "acme", VERSIONS[:1])
    other = [replace(VERSIONS[0], text=SECOND), VERSIONS[1]]
    with pytest.raises(VersionConflict, match=r'"Terms" of 2023-01-02 00:00:00 is stored .*repository c0ffee'):
        save_versions(store, "acme", other)
    assert len(list_versions(store)) == 1


def test_changes_are_found_once_and_stored(store: Store) -> None:
    """One for each version but the first, with the sentences that came; nothing waits afterwards."""
    save_versions(store, "acme", VERSIONS)
    assert update_changes(store, "acme") == 3
    assert update_changes(store, "acme") == 0
    listed = list_versions(store, "acme")
    assert [each.first for each in listed] == [True, False, False, False]
    assert "licence to use your content to train" in listed[1].telling
    assert listed[1].stated_effective is not None
    assert listed[1].stated_effective.isoformat() == "2023-03-30"
    assert listed[2].noise == "recorded anew by other rules of its recorder"
    assert "ai_training" in listed[1].themes
    assert listed[3].noise == ""


def test_only_documents_with_something_new_are_compared(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """A version of one document leaves the others as they are."""
    other = [replace(each, document="Privacy") for each in VERSIONS]
    save_versions(store, "acme", [*VERSIONS[:2], *other])
    update_changes(store, "acme")
    compared = []
    find = history.find_changes

    def watched(versions: object) -> object:
        given = list(versions)  # type: ignore[call-overload]
        compared.append({each.document for each in given})
        return find(given)

    monkeypatch.setattr(history, "find_changes", watched)
    save_versions(store, "acme", VERSIONS[2:])
    assert update_changes(store, "acme") == 2
    assert compared == [{"Terms"}]


def test_other_rules_compare_everything_anew(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever decides what a change is has a version."""
    save_versions(store, "acme", VERSIONS)
    update_changes(store, "acme")
    assert history.rules_version() == history.rules_version()
    monkeypatch.setattr(history, "rules_version", lambda: "later")
    assert update_changes(store, "acme") == 3
    with store.writer() as connection:
        assert connection.execute("SELECT DISTINCT rules FROM policy_changes").fetchall() == [("later",)]


@pytest.mark.parametrize(("order", "size"), [((3, 2, 1, 0), 1), ((0, 3, 1, 2), 2), ((1, 2, 3, 0), 3)])
def test_the_order_of_arrival_does_not_matter(store: Store, order: tuple[int, ...], size: int) -> None:
    """In whatever order and portions the versions come, the changes are those of the whole history."""
    save_versions(store, "whole", VERSIONS)
    update_changes(store, "whole")
    for start in range(0, 4, size):
        save_versions(store, "portions", [VERSIONS[number] for number in order[start : start + size]])
        update_changes(store, "portions")
    whole, portions = changes(store, "whole"), changes(store, "portions")
    assert whole == portions
    assert len(whole) == 3


def test_a_change_is_found_by_document_and_day_or_time(store: Store) -> None:
    """In any case of letters; what there is not is told with what is near."""
    twice = Recorded(datetime(2023, 8, 7, 20), SECOND)
    save_versions(store, "acme", [*VERSIONS, twice])
    update_changes(store, "acme")
    assert find_change(store, "terms", "2023-04-01").recorded_at == VERSIONS[1].recorded_at
    assert find_change(store, "Terms", "2023-08-07T18:49").recorded_at == VERSIONS[3].recorded_at
    assert find_change(store, "Terms", "2023-08-07 20:00").recorded_at == twice.recorded_at
    for document, moment, told in (
        ("Cookies", "2023-04-01", 'no version of "Cookies" is recorded; the store has: Terms'),
        ("Terms", "2023-04-02", "the nearest are of 2023-01-02, 2023-04-01, 2023-05-01"),
        ("Terms", "someday", "give a day such as 2023-03-31"),
        ("Terms", "", "give a day"),
        ("Terms", "2023-08-07", "2 versions .* give the time too: 2023-08-07T18:49:00, 2023-08-07T20:00:00"),
        ("Terms", "2023-01-02", "is the first that is known"),
    ):
        with pytest.raises(UnknownChange, match=told):
            find_change(store, document, moment)
    save_versions(store, "bolt", VERSIONS)
    with pytest.raises(UnknownChange, match="add --brand: acme, bolt"):
        find_change(store, "Terms", "2023-04-01")
    assert find_change(store, "Terms", "2023-04-01", "acme").brand == "acme"


@pytest.mark.parametrize(
    ("effective", "first_seen"),
    [
        ("March 30, 2023", "2023-03-30"),  # between the versions: in force before it was recorded
        ("April 15, 2023", "2023-04-01"),  # announced
        ("December 1, 2022", "2023-04-01"),  # not brought up to date
    ],
)
def test_the_day_a_change_can_first_have_been_read(store: Store, effective: str, first_seen: str) -> None:
    """The stated day where it lies between the two versions, else the day of recording."""
    text = SECOND.replace("March 30, 2023", effective)
    save_versions(store, "acme", [VERSIONS[0], replace(VERSIONS[1], text=text)])
    update_changes(store, "acme")
    assert find_change(store, "Terms", "2023-04-01").first_seen.isoformat() == first_seen


def test_a_change_after_a_broken_capture_is_shown_against_the_last_sound_text(store: Store) -> None:
    """What the broken capture lacked is not shown as having come."""
    broken = Recorded(datetime(2023, 3, 1), "Access denied\n")
    save_versions(store, "acme", [VERSIONS[0], broken, VERSIONS[1]])
    update_changes(store, "acme")
    change = find_change(store, "Terms", "2023-04-01")
    assert (change.previous_at, change.compared_at) == (broken.recorded_at, VERSIONS[0].recorded_at)
    came = [each.after for each in listing.compare(store, change).sentences]
    assert any("train" in sentence for sentence in came)
    assert not any("thirty days" in sentence for sentence in came)


def test_what_a_person_said_outlives_new_rules(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """A second word on the same event takes the place of the first."""
    save_versions(store, "acme", VERSIONS)
    update_changes(store, "acme")
    at = VERSIONS[1].recorded_at
    confirm_change(store, "acme", "Terms", at, "training", "ann", confirmed=False)
    confirm_change(store, "acme", "Terms", at, "training", "bob", confirmed=True)
    confirm_change(store, "acme", "Terms", at, "prices", "ann", confirmed=False)
    monkeypatch.setattr(history, "rules_version", lambda: "later")
    update_changes(store, "acme")
    change = find_change(store, "Terms", "2023-04-01")
    assert (change.confirmed_events, change.rejected_events) == (("training",), ("prices",))
    assert change.confirmed_by == "ann"


def test_the_view_keeps_its_key_and_cuts_by_time(store: Store) -> None:
    """A row a version, read by brand and moment of recording."""
    save_versions(store, "acme", VERSIONS)
    update_changes(store, "acme")
    confirm_change(store, "acme", "Terms", VERSIONS[1].recorded_at, "a", "ann", confirmed=True)
    confirm_change(store, "acme", "Terms", VERSIONS[1].recorded_at, "b", "ann", confirmed=True)
    store.publish()
    frame = read("policy_history", brand="acme", store=store.path)
    assert len(frame) == 4
    assert frame["direction"].isna().tolist() == [True, False, False, False]
    assert list(frame["confirmed_events"].iloc[1]) == ["a", "b"]
    assert len(read("policy_history", since="2023-04-01", until="2023-08-01", store=store.path)) == 2


def look(outcome: str, at: datetime, **more: str) -> Look:
    return Look("r", "acme", "Terms", more.pop("page", "p"), "https://acme.invalid/t", at, outcome, **more)  # type: ignore[arg-type]


def test_validators_are_kept_for_a_week_and_for_one_page(store: Store) -> None:
    """A failed look takes none away; another page, a week without a whole reading or a lost text start anew."""
    monday = datetime(2023, 1, 2)
    assert find_known(store, "acme", "Terms", "p", monday).etag == ""
    version = Recorded(monday, FIRST, origin="page")
    save_look(store, look("changed", monday, etag='"1"', modified="Mon"), version)
    save_look(store, look("failed", monday + timedelta(days=1), problem="down"))
    save_look(store, look("not_sent", monday + timedelta(days=2), etag='"2"'))
    known = find_known(store, "acme", "Terms", "p", monday + timedelta(days=7))
    assert (known.etag, known.modified, known.text) == ('"2"', "", FIRST)
    for page, days in (("q", 1), ("p", 8)):
        known = find_known(store, "acme", "Terms", page, monday + timedelta(days=days))
        assert (known.etag, known.text) == ("", FIRST)
    assert find_known(store, "bolt", "Terms", "p", monday).text == ""


def test_a_look_and_its_version_are_saved_together(store: Store) -> None:
    """Where the version is refused the look is not written down either."""
    monday = datetime(2023, 1, 2)
    save_versions(store, "acme", [Recorded(monday, FIRST)])
    with pytest.raises(VersionConflict):
        save_look(store, look("changed", monday), Recorded(monday, SECOND, origin="page"))
    store.publish()
    assert len(read("policy_fetches", store=store.path)) == 0
