"""One incident of many hours, and one message of it: opened, grown, closed, and silent once a person has it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from analytics.alerts.hours import number_hour
from analytics.alerts.incidents import Incident, follow, identify, mark_told, reason_to_tell
from analytics.alerts.looks import Alarm, Look

START = datetime(2023, 8, 7)
CLOSES_AFTER = 3


def looks(marks: str, size: float = 3.0, begins: int = 0) -> list[Look]:
    """A letter an hour: `!` an alarm, `=` as usual, `~` neither, `?` not judged."""
    alarm = Alarm(1, 30.0, 10.0, 4.0, 17.0, 30, size)
    first = number_hour(START) + begins
    return [Look(first + at, mark != "?", mark == "=", alarm if mark == "!" else None) for at, mark in enumerate(marks)]


def follow_marks(marks: str, known: Sequence[Incident] = (), **more: float) -> list[Incident]:
    return follow("acme", "volume_surge", known, looks(marks, **more), CLOSES_AFTER)  # type: ignore[arg-type]


def at(hour: int) -> datetime:
    return START + timedelta(hours=hour)


def test_alarms_of_one_surge_are_one_incident_until_it_was_usual_for_long_enough() -> None:
    """Two usual hours between alarms close nothing; three do, and a later alarm is another incident."""
    first, second = follow_marks("=!!==!~===!")
    assert (first.first_hour, first.last_hour, first.state) == (at(1), at(5), "closed")
    assert (first.closed_by, first.closed_at) == ("itself", at(10))
    assert (second.first_hour, second.state) == (at(10), "open")
    assert second.incident_id == identify("acme", "volume_surge", at(10)) != first.incident_id


def test_hours_that_were_not_collected_close_nothing() -> None:
    """A gap is not the end of it: only hours that could be judged count."""
    [incident] = follow_marks("!??????==")
    assert incident.state == "open"
    [incident] = follow_marks("!=?=?=")
    assert incident.closed_at == at(6)


def test_looking_again_changes_nothing() -> None:
    """The hours of two runs overlap; what is over stays over, what goes on keeps its id."""
    marks = "=!!==!===="
    before = follow_marks(marks)
    assert follow_marks(marks, before) == []
    [opened] = follow_marks(marks[:3])
    [closed] = follow_marks(marks, [opened])
    assert closed.incident_id == opened.incident_id
    assert closed == before[0]


def test_a_later_run_that_sees_only_the_end_closes_it() -> None:
    """What is known of an incident does not hang on the hours that a run looks at."""
    [opened] = follow_marks("!!")
    [closed] = follow_marks("====", [opened], begins=50)
    assert closed.closed_at == at(53)


def test_its_messages_are_opened_grown_and_closed() -> None:
    """One when it is new, one where it is twice what was told, one when it is over, none in between."""
    [incident] = follow_marks("!")
    assert reason_to_tell(incident, 2.0) == "opened"
    told = mark_told(incident)
    assert reason_to_tell(told, 2.0) is None
    [larger] = follow_marks("!", [told], size=5.9, begins=1)
    assert reason_to_tell(larger, 2.0) is None
    [twice] = follow_marks("!", [larger], size=6.0, begins=2)
    assert reason_to_tell(twice, 2.0) == "grown"
    [over] = follow_marks("===", [mark_told(twice)], begins=3)
    assert reason_to_tell(over, 2.0) == "closed"
    assert reason_to_tell(mark_told(over), 2.0) is None
    assert mark_told(over).messages == 3


def test_what_a_person_has_taken_up_stays_silent() -> None:
    """However it grows and when it ends."""
    [incident] = follow_marks("!")
    taken = replace(mark_told(incident), state="acknowledged", acknowledged_by="Ann")
    [grown] = follow_marks("!", [taken], size=90.0, begins=1)
    assert reason_to_tell(grown, 2.0) is None
    [over] = follow_marks("===", [grown], begins=2)
    assert (over.state, over.closed_by) == ("closed", "itself")
    assert reason_to_tell(over, 2.0) is None


def test_the_rest_of_what_a_person_closed_opens_no_other() -> None:
    """It goes on in silence until it was usual for long enough; only then another can open."""
    [incident] = follow_marks("!!")
    closed = replace(mark_told(incident), state="closed", closed_by="Ann", closed_at=at(2))
    [followed] = follow_marks("!!!==", [closed], begins=2)
    assert followed.incident_id == incident.incident_id
    assert reason_to_tell(followed, 2.0) is None
    over, other = follow_marks("===!", [followed], begins=5)
    assert (over.closed_by, over.closed_at, over.back_at) == ("Ann", at(2), at(8))
    assert other.first_hour == at(8)
