"""Alerts by the command line and on a real store: told once, taken up, closed, and silent where nobody collected."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event, Thread, current_thread
from typing import Any

import numpy as np
import pytest

from analytics.alerts import keeping
from analytics.registration import register
from analytics.store import Store, deliveries, read
from analytics.store.saving import Listener, save_arrival
from brands.brand_file import Brand, load
from brands.schema import QuietHours
from flows import alert_output, alert_stages, delivery
from flows.alert_stages import Watch, is_quiet, look_back, watch
from tests.bench.alert_worlds import NIGHT
from tests.flows.conftest import BrandTrust
from tests.posts import arrival, covered, posts
from tests.servers.webhook import Fault, WebhookServer

START = datetime(2023, 1, 2)
DAYS = 100
SURGE = START + timedelta(days=95, hours=12)
BRAND = """
name = "Acme <!channel>"
slug = "acme"
query = "acme"

[[sources]]
connector = "hackernews"
name = "forum"

[alerts]
kinds = ["volume_surge"]

[delivery]
targets = ["chat"]
"""
SECRET = "T0psecretT0ken"


def save(store: Store, brand: Brand, since: datetime, times: list[datetime], days: float, **coverage: object) -> None:
    """Posts of the forum at these times, by as many people, and how the time was covered."""
    batch = posts(
        {"post_id": f"{since:%j%H}-{n}", "author_key": f"a{n}", "created_at": when, "text": "Acme is fine"}
        for n, when in enumerate(times)
    )
    everything = Listener(brand.slug, brand.query.hash, "all")
    rows = [covered(since, days, len(times), **coverage)]
    save_arrival(
        store, arrival(batch, query_hash=brand.query.hash, listeners=[everything], coverage=rows, window=str(since))
    )


@pytest.fixture(scope="module")
def past(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with 95 quiet days of some 100 posts; tests work on copies and add the hours they need."""
    folder = tmp_path_factory.mktemp("past")
    (folder / "acme.toml").write_text(BRAND, "utf-8")
    brand, store = load(folder / "acme.toml"), Store(folder / "brandtrust.duckdb")
    register(store, brand)
    random = np.random.default_rng(20230102)
    hours = (SURGE - START) // timedelta(hours=1)
    counts = random.poisson(4 * NIGHT[np.arange(hours) % 24])
    when = [START + timedelta(hours=int(hour), minutes=5) for hour in np.repeat(np.arange(hours), counts)]
    save(store, brand, START, when, hours / 24)
    return folder


@pytest.fixture
def acme(past: Path, workplace: Path, monkeypatch: pytest.MonkeyPatch) -> Brand:
    import shutil

    shutil.copytree(past, workplace, dirs_exist_ok=True)
    monkeypatch.setattr(time, "sleep", lambda _: None)
    return load("acme.toml")


@pytest.fixture
def chat(monkeypatch: pytest.MonkeyPatch) -> Iterator[WebhookServer]:
    with WebhookServer() as server:
        monkeypatch.setenv("BRANDTRUST_DELIVER_CHAT", server.target(SECRET))
        yield server


@pytest.fixture
def add_hours(acme: Brand) -> Callable[..., datetime]:
    """Add hours with so many posts each from a time on; gives the time when they are over."""

    def add(since: datetime, counts: list[int], **coverage: object) -> datetime:
        when = [
            since + timedelta(hours=hour, minutes=n % 60) for hour, count in enumerate(counts) for n in range(count)
        ]
        save(Store(), acme, since, when, len(counts) / 24, **coverage)
        return since + timedelta(hours=len(counts), minutes=10)

    return add


AddHours = Callable[..., datetime]


def quiet(clock: int, hours: int) -> list[int]:
    """Ordinary counts from an hour of the day on."""
    return [round(4 * NIGHT[(clock + hour) % 24]) for hour in range(hours)]


def rows(watched: Watch | None = None) -> list[tuple[str, str, int]]:
    found = read("incidents", store="brandtrust.duckdb")
    return [(row.kind, row.state, row.messages) for row in found.itertuples()]


def test_a_surge_is_told_once_and_its_end_once(acme: Brand, chat: WebhookServer, add_hours: AddHours) -> None:
    """The run after the first loud hour tells; the next ones do not; when it is over that is told, and no more."""
    store = Store()
    first = watch(acme, store, moment=add_hours(SURGE, [60]))
    assert [each.reason for each in first.notices] == ["opened"]
    assert rows() == [("volume_surge", "open", 1)]
    second = watch(acme, store, moment=add_hours(SURGE + timedelta(hours=1), [60, 50]))
    assert second.notices == []
    assert [each.state for each in second.going_on] == ["open"]
    over = watch(acme, store, moment=add_hours(SURGE + timedelta(hours=3), quiet(15, 30)))
    assert [each.reason for each in over.notices] == ["closed"]
    assert rows() == [("volume_surge", "closed", 2)]
    later = watch(acme, store, moment=add_hours(SURGE + timedelta(hours=33), quiet(21, 1)))
    assert (later.notices, later.going_on) == ([], [])
    told = [each["title"] for each in chat.received]
    assert told == [
        "brandtrust: Acme ‹!channel›: far more people speak of it than usual",
        "brandtrust: over: Acme ‹!channel›: far more people speak of it than usual",
    ]
    assert "60 voices in the hour to 2023-04-07 12:59 UTC (usual" in chat.received[0]["message"]


def test_quiet_hours_without_an_incident_tell_nothing(acme: Brand, chat: WebhookServer, add_hours: AddHours) -> None:
    """The same run over ordinary hours, so that the test before can fail."""
    outcome = watch(acme, Store(), moment=add_hours(SURGE, [6, 5, 7]))
    assert outcome.judged["volume_surge"] == outcome.hours
    assert (outcome.notices, rows(), chat.received) == ([], [], [])


def test_a_gap_in_collection_tells_nothing(acme: Brand, chat: WebhookServer, add_hours: AddHours) -> None:
    """A day that failed is no drop, and the hours after it no surge; what could not be judged is counted."""
    all_kinds = acme.file.alerts.model_copy(update={"kinds": ("volume_surge", "volume_drop")})  # type: ignore[union-attr]
    object.__setattr__(acme.file, "alerts", all_kinds)
    add_hours(SURGE, [0] * 30, failed=True)
    outcome = watch(acme, Store(), moment=add_hours(SURGE + timedelta(hours=30), [6] * 4))
    assert outcome.judged["volume_surge"] == outcome.hours - 30
    assert (outcome.notices, chat.received) == ([], [])


@pytest.mark.parametrize("limit", ["none", "constant_quota", "sparse_in_shared_file", "break"])
def test_what_a_source_cannot_say_is_not_told(
    acme: Brand, chat: WebhookServer, add_hours: AddHours, limit: str
) -> None:
    """Sixty voices in an hour: of a constant sample, a sparse source, or behind a declared break, no surge."""
    store = Store()
    if limit == "break":
        more = f'\n[[source_breaks]]\nsource = "forum"\ndate = {SURGE.date()}\nnote = "a new form"\n'
        Path("acme.toml").write_text(BRAND + more, "utf-8")
        acme = load("acme.toml")
    elif limit != "none":
        with store.transaction() as connection:
            connection.execute("INSERT INTO source_flags VALUES ('acme', 'forum', ?, 'found')", [limit])
    outcome = watch(acme, store, moment=add_hours(SURGE, [60]))
    assert len(outcome.notices) == (limit == "none")


def test_time_collected_by_another_question_is_not_judged(
    acme: Brand, chat: WebhookServer, add_hours: AddHours
) -> None:
    """What a former query, or another subreddit, brought in full says nothing of the present question."""
    with Store().transaction() as connection:
        connection.execute("INSERT INTO source_questions VALUES ('acme', 'forum', 'another')")
    outcome = watch(acme, Store(), moment=add_hours(SURGE, [60]))
    assert outcome.judged == {"volume_surge": 0}
    assert not chat.received


def test_an_acknowledged_incident_stays_silent(
    acme: Brand, chat: WebhookServer, add_hours: AddHours, brandtrust: BrandTrust
) -> None:
    """By --by and --note; it is listed with both, and neither its growth nor its end is told."""
    watch(acme, Store(), moment=add_hours(SURGE, [60]))
    assert "volume_surge" in brandtrust("alerts", "list").stdout
    [found] = read("incidents", store="brandtrust.duckdb").itertuples()
    taken = brandtrust("alerts", "acknowledge", found.incident_id[:6], "--by", "Ann", "--note", "a launch")
    assert taken.exit_code == 0, taken.stderr
    listed = brandtrust("alerts", "list").stdout
    assert "acknowledged" in listed
    assert "a launch" in listed
    watch(acme, Store(), moment=add_hours(SURGE + timedelta(hours=1), [300]))
    watch(acme, Store(), moment=add_hours(SURGE + timedelta(hours=2), quiet(14, 40)))
    assert len(chat.received) == 1
    assert rows() == [("volume_surge", "closed", 1)]
    assert "No incident is open" in brandtrust("alerts", "list").stdout
    assert "Ann" not in brandtrust("alerts", "list").stdout
    assert "closed" in brandtrust("alerts", "list", "--all").stdout


def test_closing_by_hand_and_wrong_ids(
    acme: Brand, chat: WebhookServer, add_hours: AddHours, brandtrust: BrandTrust
) -> None:
    """The rest of the surge opens no other incident; an id that is none, or closed, is one line and exit code 2."""
    watch(acme, Store(), moment=add_hours(SURGE, [60]))
    [found] = read("incidents", store="brandtrust.duckdb").itertuples()
    assert brandtrust("alerts", "close", found.incident_id, "--by", "Ann").exit_code == 0
    watch(acme, Store(), moment=add_hours(SURGE + timedelta(hours=1), [70]))
    assert rows() == [("volume_surge", "closed", 1)]
    assert len(chat.received) == 1
    for told, said in (
        (brandtrust("alerts", "close", found.incident_id), "is closed already, by Ann"),
        (brandtrust("alerts", acme.path, "--since", "1901-01-01"), "lies before any post"),
        (brandtrust("alerts", "acknowledge", "zz", "--by", "Ann"), "no incident has the id 'zz'"),
        (brandtrust("alerts", "acknowledge", found.incident_id, "--by", " "), "--by should be the name of a person"),
    ):
        assert told.exit_code == 2
        assert said in told.stderr


def test_a_look_says_who_has_taken_up_or_closed_what_lasts(
    acme: Brand, chat: WebhookServer, add_hours: AddHours, capsys: pytest.CaptureFixture[str]
) -> None:
    """While the surge lasts each look names it, and who silenced it; once it is over it is named no more."""

    def look(moment: datetime) -> str:
        alert_output.show_watch(watch(acme, Store(), moment=moment))
        return capsys.readouterr().out

    assert look(add_hours(SURGE, [60])).startswith("brandtrust: Acme")
    [found] = read("incidents", store="brandtrust.duckdb").itertuples()
    with Store().transaction() as connection:
        keeping.acknowledge(connection, found.incident_id, "Ann", "", SURGE)
    taken = look(add_hours(SURGE + timedelta(hours=1), [60]))
    assert f"goes on, told before, taken up by Ann: {found.incident_id} volume_surge of acme: 60 voices" in taken
    with Store().transaction() as connection:
        keeping.close(connection, found.incident_id, "Bob", SURGE)
    closed = look(add_hours(SURGE + timedelta(hours=2), [60]))
    assert f"closed by Bob, and lasts: {found.incident_id} volume_surge of acme: 60 voices" in closed
    assert "Nothing has left its usual range." not in closed
    over = look(add_hours(SURGE + timedelta(hours=3), quiet(15, 30)))
    assert "Nothing has left its usual range." in over
    assert "closed by Bob" not in over
    assert len(chat.received) == 1


def test_a_message_that_did_not_arrive_is_sent_by_the_next_run(
    acme: Brand, chat: WebhookServer, add_hours: AddHours
) -> None:
    """A target that fails leaves the incident untold; the failure is named, and no secret."""
    chat.faults.extend([Fault(status=500)] * 3)
    moment = add_hours(SURGE, [60])
    first = watch(acme, Store(), moment=moment)
    assert [each.source for each in first.failures] == ["delivery to chat"]
    assert SECRET not in first.failures[0].failure
    assert rows() == [("volume_surge", "open", 0)]
    second = watch(acme, Store(), moment=moment)
    assert second.failures == []
    assert rows() == [("volume_surge", "open", 1)]
    assert len(chat.received) == 1


def at_once(monkeypatch: pytest.MonkeyPatch, acme: Brand, moment: datetime, *, until: str) -> tuple[Watch, list[Watch]]:
    """Two looks of which the second begins while the first sends, and gets `until`: its turn, or its end."""
    second: list[Watch] = []
    reached, sends, turns = Event(), delivery.send, delivery.turn
    other = Thread(target=lambda: second.append(watch(acme, Store(), moment=moment)))

    def turn(*of: Any) -> Any:
        if current_thread() is other:
            reached.set()
        return turns(*of)

    def send(*what: Any) -> Any:
        if other.ident is None:
            other.start()
            assert reached.wait(60)
            if until == "its end":
                other.join(60)
        return sends(*what)

    monkeypatch.setattr(delivery, "turn", turn)
    monkeypatch.setattr(delivery, "send", send)
    first = watch(acme, Store(), moment=moment)
    other.join(60)
    return first, second


def test_two_looks_at_once_send_and_count_a_message_once(
    acme: Brand,
    chat: WebhookServer,
    add_hours: AddHours,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The second waits for the first, says that another run told, and prints the message not again."""
    first, [second] = at_once(monkeypatch, acme, add_hours(SURGE, [60]), until="its turn")
    assert len(chat.received) == 1
    assert rows() == [("volume_surge", "open", 1)]
    assert (len(first.notices), first.failures) == (1, [])
    assert (second.notices, second.failures) == ([], [])
    alert_output.show_watch(second)
    told = capsys.readouterr().out
    assert "told by another run: " in told
    assert "alerts acknowledge" not in told
    assert "goes on, told before" not in told


def test_a_delivery_that_still_goes_on_in_another_run_is_not_called_ended(
    acme: Brand, chat: WebhookServer, add_hours: AddHours, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever waits too long for it says that another run is sending; nothing is counted but by the one that sends."""
    monkeypatch.setattr(deliveries, "TURN_SECONDS", 0)
    first, [second] = at_once(monkeypatch, acme, add_hours(SURGE, [60]), until="its end")
    assert first.failures == []
    [failed] = second.failures
    assert failed.failure.startswith("another run is sending to it")
    assert "ended before" not in failed.failure
    assert len(chat.received) == 1
    assert rows() == [("volume_surge", "open", 1)]


def test_a_look_that_was_killed_while_sending_names_the_incident_and_a_way_on(
    acme: Brand,
    chat: WebhookServer,
    add_hours: AddHours,
    brandtrust: BrandTrust,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The next look says once that it may have been sent, and by which command a person takes it up; that works."""

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    moment = add_hours(SURGE, [60])
    with monkeypatch.context() as patched:
        patched.setattr(delivery, "record", killed)
        with pytest.raises(KeyboardInterrupt):
            watch(acme, Store(), moment=moment)
    second = watch(acme, Store(), moment=moment)
    [failed] = second.failures
    assert "it may have been sent, and is not sent again" in failed.failure
    assert "deliver BRAND.toml" not in failed.failure
    [incident] = second.going_on
    command = f"alerts acknowledge {incident.incident_id} --by NAME"
    assert failed.failure.endswith(f"volume_surge of acme, counts as told; take it up: brandtrust {command}")
    assert watch(acme, Store(), moment=moment).failures == []
    assert rows() == [("volume_surge", "open", 1)]
    assert len(chat.received) == 1
    assert brandtrust(*command.split()).exit_code == 0


def test_what_became_of_a_message_is_told_also_where_no_hour_could_be_judged(
    acme: Brand, chat: WebhookServer, add_hours: AddHours, capsys: pytest.CaptureFixture[str]
) -> None:
    """What waited for days in which nobody collected is sent, and the terminal says so."""
    chat.faults.extend([Fault(status=500)] * 3)
    moment = add_hours(SURGE, [60])
    watch(acme, Store(), moment=moment)
    late = watch(acme, Store(), moment=moment + timedelta(days=30))
    assert late.judged == {"volume_surge": 0}
    alert_output.show_watch(late)
    told = capsys.readouterr().out
    assert "Nothing could be judged" in told
    assert "chat (JSON at 127.0.0.1): sent: " in told


def test_what_is_due_in_quiet_hours_waits(acme: Brand, chat: WebhookServer, add_hours: AddHours) -> None:
    """It is found and kept, and sent by the first run after them."""
    quiet = acme.file.alerts.model_copy(update={"quiet_hours": QuietHours(begin="12:00", end="14:00")})  # type: ignore
    object.__setattr__(acme.file, "alerts", quiet)
    held = watch(acme, Store(), moment=add_hours(SURGE, [60]))
    assert held.held_back
    assert rows() == [("volume_surge", "open", 0)]
    watch(acme, Store(), moment=add_hours(SURGE + timedelta(hours=1), [60]))
    assert len(chat.received) == 1
    over_night = QuietHours(begin="22:00", end="07:00")
    midnight = datetime(2023, 7, 1, 0, 30)
    assert is_quiet(over_night, "UTC", midnight)
    assert not is_quiet(over_night, "Asia/Tokyo", midnight)


@pytest.mark.parametrize(
    ("moment", "held"),
    [
        ("2026-03-28T21:00", True),  # 22:00, winter
        ("2026-03-29T01:30", True),  # 03:30, summer: the hour from 02:00 was left out
        ("2026-03-29T04:59", True),  # 06:59
        ("2026-03-29T05:00", False),  # 07:00, an hour earlier than the night before
        ("2026-10-24T20:00", True),  # 22:00, summer
        ("2026-10-25T00:30", True),  # 02:30 for the first time
        ("2026-10-25T01:30", True),  # 02:30 for the second time
        ("2026-10-25T05:59", True),  # 06:59, winter
        ("2026-10-25T06:00", False),  # 07:00
        ("2026-10-25T20:59", False),  # 21:59
    ],
)
def test_quiet_hours_follow_the_clock_on_the_wall(moment: str, held: bool) -> None:
    """On the nights in which it is put forward or back too: nobody is woken an hour early, nor kept waiting."""
    night = QuietHours(begin="22:00", end="07:00")  # type: ignore[arg-type]
    assert is_quiet(night, "Europe/Berlin", datetime.fromisoformat(moment)) is held


def test_quiet_hours_in_the_hour_that_comes_twice_hold_twice() -> None:
    """And in the hour that is left out they do not come at all: of that night no minute is quiet."""
    hour = QuietHours(begin="02:00", end="03:00")  # type: ignore[arg-type]

    def minutes(day: datetime) -> int:
        return sum(is_quiet(hour, "Europe/Berlin", day + timedelta(minutes=n)) for n in range(12 * 60))

    assert [minutes(datetime(2026, month, day)) for month, day in ((10, 25), (3, 29), (3, 30))] == [120, 0, 60]


def test_looking_back_keeps_and_sends_nothing(
    acme: Brand, chat: WebhookServer, add_hours: AddHours, brandtrust: BrandTrust
) -> None:
    """What would have been told of a past time, as one who sets the rate wants to see."""
    add_hours(SURGE, [60, 60, *quiet(14, 30)])
    [found] = look_back(acme, Store(), SURGE - timedelta(days=5), SURGE + timedelta(days=1)).incidents
    assert found.first_hour == SURGE
    told = brandtrust("alerts", "acme.toml", "--since", "2023-04-01", "--until", "2023-04-09")
    assert told.exit_code == 0, told.stderr
    assert "1 incident would have been told; nothing was kept or sent." in told.stdout
    with Store().writer() as connection:
        assert connection.execute("SELECT count(*) FROM incident_records").fetchall() == [(0,)]
    assert not chat.received


def test_looking_back_tells_what_could_not_be_judged(acme: Brand, brandtrust: BrandTrust) -> None:
    """Where no hour could be judged there are not 0 incidents; where some could not be, it says how many."""
    none = brandtrust("alerts", "acme.toml", "--since", "2024-01-01", "--until", "2024-01-03")
    assert none.exit_code == 0, none.stderr
    assert none.stdout.splitlines() == [
        "Nothing could be judged: looked at are the 48 hours from 2024-01-01 00:00 UTC on, and the newest post is of "
        "2023-04-07. What would have been told before: --since DAY",
        "Nothing was kept or sent.",
    ]
    some = brandtrust("alerts", "acme.toml", "--since", "2023-04-01", "--until", "2023-04-09")
    assert "volume_surge: 36 hours of 192 not judged: not collected in full\n" in some.stdout
    assert "0 incidents would have been told" in some.stdout
    early = brandtrust("alerts", "acme.toml", "--since", "2023-01-01", "--until", "2023-01-24")
    both = "528 hours of 552 not judged: 504 too short a past (three weeks); 24 not collected in full"
    assert f"volume_surge: {both}\n" in early.stdout
    first_days = brandtrust("alerts", "acme.toml", "--since", "2023-01-02", "--until", "2023-01-04")
    assert first_days.stdout.splitlines() == [
        "Nothing could be judged.",
        "volume_surge: 48 hours of 48 not judged: too short a past (three weeks)",
        "Nothing was kept or sent.",
    ]


def test_hours_without_posts_are_told_by_the_newest_post(
    acme: Brand, add_hours: AddHours, capsys: pytest.CaptureFixture[str]
) -> None:
    """A collector that works and brings nothing for days: what was judged is, and the newest post has its line."""
    moment = add_hours(SURGE, [0] * 96)
    alert_output.show_watch(watch(acme, Store(), moment=moment))
    told = capsys.readouterr().out
    assert "The newest post is of 2023-04-07, older than what was looked at.\n" in told
    assert "Nothing was collected" not in told


@pytest.mark.parametrize(("hours", "said"), [(23, None), (24, "24 hours"), (47, "47 hours"), (48, "2 days")])
def test_a_look_says_when_collecting_has_stopped(
    hours: int, said: str | None, acme: Brand, capsys: pytest.CaptureFixture[str]
) -> None:
    """From a day on, and since when; a look soon after is silent on it."""
    alert_output.show_watch(watch(acme, Store(), moment=SURGE + timedelta(hours=hours)))
    told = capsys.readouterr().out
    assert "Nothing has left its usual range." in told
    line = f"Nothing was collected in full after 2023-04-07 12:00 UTC, {said} before; --collect brings in what is new"
    assert (line in told) == (said is not None)
    assert ("Nothing was collected" in told) == (said is not None)


def test_the_command_tells_what_could_not_be_judged(
    acme: Brand, chat: WebhookServer, brandtrust: BrandTrust, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A store that nobody has filled for years says so, and that nothing left its usual range is not said."""
    told = brandtrust("alerts", "acme.toml")
    assert told.exit_code == 0, told.stderr
    assert told.stdout.startswith(
        "Nothing could be judged: looked at are the last 72 hours, and the newest post is of 2023-04-07."
    )
    monkeypatch.setattr(alert_stages, "now", lambda: SURGE)
    assert "Nothing has left its usual range." in brandtrust("alerts", "acme.toml").stdout


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ('[alerts]\nkinds = ["volume"]', "alerts.kinds"),
        ("[alerts]\nthreshold = 3", 'unknown key "threshold" in alerts'),
        ("[alerts]\nfalse_incidents_a_year = 0", "alerts.false_incidents_a_year"),
        ('[alerts]\nkinds = ["trust_fall", "trust_fall"]', "names one twice"),
        ('[alerts]\nquiet_hours = { begin = "22:00", end = "late" }', "should be a time of day"),
        ('[alerts]\nquiet_hours = { begin = "22:00", end = "22:00" }', "end when they begin"),
        ("[delivery]\ntargets = []", "delivery.targets"),
        ('[delivery]\ntargets = ["Press Office"]', "delivery.targets"),
        ('[delivery]\ntargets = ["press", "press"]', "names one twice"),
        ('[delivery]\ntargets = ["press"]\nurl = "slack://secret"', 'unknown key "url" in delivery'),
    ],
)
def test_wrong_settings_are_told_with_their_line(workplace: Path, brandtrust: BrandTrust, more: str, said: str) -> None:
    """One line with file and line, exit code 2."""
    Path("acme.toml").write_text(f'name = "Acme"\nquery = "acme"\n\n{more}\n', "utf-8")
    told = brandtrust("alerts", "acme.toml")
    assert told.exit_code == 2
    assert told.stderr.startswith("brandtrust: acme.toml:")
    assert said in told.stderr


def test_looking_back_brings_nothing_in(acme: Brand, brandtrust: BrandTrust) -> None:
    """Who asks for both is told so."""
    done = brandtrust("alerts", str(acme.path), "--since", "2023-06-01", "--collect")
    assert done.exit_code == 2
    assert "leave out --collect" in done.stderr


def test_a_source_that_stopped_is_named_beside_those_that_live(
    acme: Brand, brandtrust: BrandTrust, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Which, since when, and what to do, in a line each; nothing that judges or the exit code changes."""
    more = ["chat", "shop", "old"]
    text = Path("acme.toml").read_text("utf-8").partition("[delivery]")[0]
    live = "".join(f'\n[[sources]]\nconnector = "hackernews"\nname = "{name}"\n' for name in more[:2])
    archive = '\n[[sources]]\nconnector = "archive"\nname = "old"\npath = "old.csv"\n'
    archive += 'columns = { id = "id", created_at = "created_at", text = "text" }\n'
    Path("old.csv").write_text("id,created_at,text\n1,2020-01-01T00:00:00Z,acme\n")
    Path("acme.toml").write_text(text + live + archive, "utf-8")

    def look(source: str, days: float, **coverage: object) -> None:
        moment = SURGE - timedelta(days=days)
        everything = Listener(acme.slug, acme.query.hash, "all")
        rows = [{**covered(moment - timedelta(days=1), 1), **coverage}]
        arrived = arrival(posts([]), source=source, run_id=f"{source} {days}", listeners=[everything], coverage=rows)
        save_arrival(Store(), arrived)

    for name in more:
        look(name, 6)
    look("chat", 2, failed=True)
    look("chat", 0, failed=True)
    monkeypatch.setattr(alert_stages, "now", lambda: SURGE)
    told = brandtrust("alerts", "acme.toml")
    assert told.exit_code == 0, told.stderr
    assert told.stdout.splitlines() == [
        "Nothing has left its usual range.",
        "source chat: has not answered since 2023-04-01 12:00 UTC, 6 days before; 2 runs asked in vain since; "
        "find out why: brandtrust doctor BRAND.toml --online",
        "source shop: not asked since 2023-04-01 12:00 UTC, 6 days before, while others were: "
        "brandtrust collect BRAND.toml --source shop",
    ]
    for name in ("chat", "shop"):
        look(name, 0.01)
    assert brandtrust("alerts", "acme.toml").stdout == "Nothing has left its usual range.\n"
