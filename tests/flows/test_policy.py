"""Terms through the command line: imported, watched, listed, shown and confirmed."""

from __future__ import annotations

import re
import shlex
import tomllib
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from analytics.registration import register
from analytics.store import Store, now, read
from brands.brand_file import load
from connectors.terms import page_requests
from connectors.terms.page_requests import PageClient
from flows import policy_diagnosis, policy_stages
from flows.progress import Advance
from flows.stages import weekly
from tests.connectors.conftest import Clock
from tests.flows.acme import BRAND_FILE, write_acme
from tests.flows.conftest import BrandTrust
from tests.recorded_terms import FIRST, HISTORY, SECOND, TERMS, THIRD, Commit, write_bundle, write_repository
from tests.servers.platform import Response
from tests.servers.terms import TermsServer, page


@pytest.fixture
def imported(acme: Path, brandtrust: BrandTrust) -> Path:
    """The brand file, in a folder whose store holds the history of its terms."""
    write_repository(Path("versions.git"))
    told = brandtrust("policy", "import", "versions.git", acme)
    assert told.exit_code == 0, told.stderr
    return acme


@pytest.fixture
def server() -> Iterator[TermsServer]:
    with TermsServer(
        {"/terms": page(FIRST), "/privacy": page(FIRST.replace("Terms of Service", "Privacy"))}
    ) as running:
        yield running


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits before a second attempt."""
    monkeypatch.setattr(policy_stages, "PageClient", lambda source: PageClient(source, sleep=lambda _: None))


def terms(document: str, url: str, more: str = "private_network = true") -> str:
    return f'\n[[terms]]\ndocument = "{document}"\nurl = "{url}"\n{more}\n'


def watched(folder: Path, server: TermsServer) -> Path:
    """A brand file with two pages to watch."""
    more = terms("Terms of Service", server.url("/terms")) + terms("Privacy", server.url("/privacy"))
    return write_acme(folder, more=more).relative_to(folder)


def versions() -> list[tuple[str, str]]:
    with Store().writer() as connection:
        sql = "SELECT document, origin FROM policy_versions ORDER BY recorded_at, document"
        return connection.execute(sql).fetchall()


def test_an_import_tells_what_it_read_and_again_adds_nothing(workplace: Path, brandtrust: BrandTrust) -> None:
    """A bundle names its service, which gives the brand where no file does; progress goes to standard error."""
    write_bundle(workplace / "acme.bundle", [*HISTORY, Commit("Acme/Privacy.md", FIRST, datetime(2023, 1, 2))])
    first = brandtrust("policy", "import", "acme.bundle")
    assert first.exit_code == 0, first.stderr
    assert "Privacy: 1 version, 2023-01-02 to 2023-01-02" in first.stdout
    assert "Terms of Service: 4 versions, 1 of them technical, 2023-01-02 to 2023-08-07" in first.stdout
    assert "5 versions new, 0 already stored; brand: acme" in first.stdout
    assert "read acme.bundle: 5 versions" in first.stderr
    again = brandtrust("policy", "import", "acme.bundle")
    assert "Nothing new; brand: acme" in again.stdout
    assert len(versions()) == 5
    frame = read("policy_history")
    assert set(frame["brand"]) == {"acme"}
    assert frame["noise"].isna().sum() == 2


def test_dated_files_need_to_be_told_whose_they_are(acme: Path, brandtrust: BrandTrust) -> None:
    """With a brand file they are its brand's; --document chooses or names them."""
    Path("kept").mkdir()
    Path("kept/2023-01-02.md").write_text(FIRST)
    Path("kept/Privacy_2023-01-02.md").write_text(FIRST)
    told = brandtrust("policy", "import", "kept", "--document", "Terms")
    assert told.exit_code == 2
    assert "kept: does not say whose terms these are; add the brand file" in told.stderr
    assert not Store().exists
    told = brandtrust("policy", "import", "kept", acme, "--document", "Terms")
    assert told.exit_code == 0, told.stderr
    assert versions() == [("Terms", "file")]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["nowhere"], "no such file or folder"),
        (["posts.csv"], "neither a git bundle nor a folder"),
        (["empty"], "no git repository and no folder of dated files"),
        (["cut.bundle"], "cut off or damaged"),
        (["versions.git", "--document", "Cookies"], 'no document "Cookies"'),
        (["versions.git", "--service", "Bolt"], 'no service "Bolt"'),
        (["versions.git", "none.toml"], "none.toml: there is no such file"),
        (["--", "-x"], "no such file or folder"),
    ],
)
def test_what_cannot_be_imported_is_one_line_and_writes_nothing(
    acme: Path, brandtrust: BrandTrust, arguments: list[str], told: str
) -> None:
    """Exit code 2, and no store is made."""
    Path("empty").mkdir()
    write_bundle(Path("cut.bundle").absolute())
    Path("cut.bundle").write_bytes(Path("cut.bundle").read_bytes()[:-30])
    write_repository(Path("versions.git"))
    outcome = brandtrust("policy", "import", *arguments)
    assert outcome.exit_code == 2
    assert told in outcome.stderr
    assert len(outcome.stderr.splitlines()) == 1
    assert not Store().exists


def test_another_text_of_a_stored_moment_saves_nothing(imported: Path, brandtrust: BrandTrust) -> None:
    """What came with it is left out too."""
    commits = [Commit(TERMS, THIRD, HISTORY[0].at), Commit("Acme/Privacy.md", FIRST, HISTORY[0].at)]
    write_repository(Path("other.git"), commits)
    told = brandtrust("policy", "import", "other.git", imported)
    assert told.exit_code == 2
    assert "is stored with another text" in told.stderr
    assert len(versions()) == 4


def test_the_list_shows_changes_and_counts_noise(imported: Path, brandtrust: BrandTrust) -> None:
    """Document, day, stated day, themes and the first sentence that came; the technical version only with --all."""
    told = brandtrust("policy", "list")
    assert told.exit_code == 0, told.stderr
    rows = [line for line in told.stdout.splitlines() if re.search(r"2023-\d\d-\d\d  ", line)]
    assert len(rows) == 2
    assert re.match(r"Terms of Service +2023-04-01 +2023-03-30 +widens +ai_training", rows[0])
    assert "licence to use your content" in told.stdout
    assert (
        "4 versions, 2023-01-02 to 2023-08-07: 2 changes and 1 difference that is noise; --all shows it" in told.stdout
    )
    everything = brandtrust("policy", "list", imported, "--all")
    assert "(recorded anew by other rules of its recorder)" in " ".join(everything.stdout.split())
    assert "--all shows it" not in everything.stdout


def test_a_list_of_nothing_says_what_to_run(acme: Path, brandtrust: BrandTrust) -> None:
    """Without a store, and with one that has no terms."""
    told = brandtrust("policy", "list")
    assert (told.exit_code, "there is no store yet" in told.stderr) == (2, True)
    with Store().writer():
        pass
    told = brandtrust("policy", "list", acme)
    assert told.exit_code == 2
    assert "no terms of acme are recorded; run: brandtrust policy import" in told.stderr


def test_a_change_is_shown_sentence_by_sentence(imported: Path, brandtrust: BrandTrust) -> None:
    """Edited ones with both sides, and what a terminal would obey is made visible."""
    told = brandtrust("policy", "show", "terms of service", "2023-04-01")
    assert told.exit_code == 0, told.stderr
    assert "- Effective Date: January 2, 2023" in told.stdout
    assert "+ Effective Date: March 30, 2023" in told.stdout
    assert "+ You grant us a licence" in told.stdout
    assert "can first have been read on 2023-03-30" in told.stdout
    evil = SECOND + "\nWe share \x1b[31myour\u202e data\x07 with everybody who asks for it.\n"
    write_repository(Path("evil.git"), [Commit(TERMS, evil, datetime(2023, 9, 1))])
    brandtrust("policy", "import", "evil.git", imported)
    shown = brandtrust("policy", "show", "Terms of Service", "2023-09-01").stdout
    listed = brandtrust("policy", "list").stdout
    assert "with everybody" in shown
    assert not re.search("[\x1b\x07\u202e]", shown + listed)
    unknown = brandtrust("policy", "show", "Cookies", "2023-04-01")
    assert (unknown.exit_code, "the store has: Terms of Service" in unknown.stderr) == (2, True)


def event_dates() -> list[tuple[object, ...]]:
    with Store().writer() as connection:
        return connection.execute("SELECT event_id, confirmed, clause_first_seen FROM policy_events").fetchall()


def test_a_confirmed_change_dates_its_event(imported: Path, brandtrust: BrandTrust) -> None:
    """The store takes the day where the file leaves it open, and keeps it in later runs; --reject undoes it."""
    arguments = ("policy", "confirm", imported, "Terms of Service", "2023-04-01", "--event", "2023-terms")
    told = brandtrust(*arguments, "--by", "ann")
    assert told.exit_code == 0, told.stderr
    assert "belongs to 2023-terms, says ann" in told.stdout
    assert "add to acme.toml: clause_first_seen = 2023-03-30" in told.stdout
    day = datetime(2023, 3, 30).date()
    assert event_dates() == [("2023-terms", True, day)]
    register(Store(), load(imported))
    assert event_dates() == [("2023-terms", True, day)]
    assert "2023-terms" in brandtrust("policy", "list").stdout
    assert "says ann" in brandtrust("policy", "show", "Terms of Service", "2023-04-01").stdout
    assert read("policy_history")["confirmed_by"].dropna().tolist() == ["ann"]
    brandtrust(*arguments, "--reject", "--by", "bob")
    assert event_dates() == [("2023-terms", False, None)]


def test_a_date_of_the_brand_file_stands_and_is_told(imported: Path, brandtrust: BrandTrust) -> None:
    """Where it says another day than the terms."""
    imported.write_text(BRAND_FILE.replace("noticed =", "clause_first_seen = 2023-05-05\nnoticed ="))
    told = brandtrust("policy", "confirm", imported, "Terms of Service", "2023-04-01", "--event", "2023-terms")
    assert (
        "acme.toml says clause_first_seen = 2023-05-05 for 2023-terms, and by the terms it is 2023-03-30" in told.stdout
    )
    assert event_dates()[0][2] == datetime(2023, 5, 5).date()


def test_an_event_that_the_file_lacks_is_printed_as_lines_to_paste(imported: Path, brandtrust: BrandTrust) -> None:
    """Pasted into the file they are valid, whatever the id is."""
    told = brandtrust("policy", "confirm", imported, "Terms of Service", "2023-04-01", "--event", 'a "new" one')
    assert "has no such event" in told.stdout
    lines = told.stdout[told.stdout.index("[[events]]") :]
    (event,) = tomllib.loads(lines)["events"]
    assert event["id"] == 'a "new" one'
    assert str(event["clause_first_seen"]) == str(event["effective"]) == "2023-03-30"
    assert "ai_training" in event["themes"]
    imported.write_text(imported.read_text() + lines)
    assert load(imported).events[-1].confirmed


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["Cookies", "2023-04-01", "--event", "x"], 'no version of "Cookies" is recorded'),
        (["Terms of Service", "2023-04-02", "--event", "x"], "the nearest are of"),
        (["Terms of Service", "2023-01-02", "--event", "x"], "the first that is known"),
        (["Terms of Service", "2023-04-01", "--event", " "], "--event is empty"),
        (["Terms of Service", "2023-04-01", "--event", "x", "--by", ""], "--by is empty"),
    ],
)
def test_what_cannot_be_confirmed_is_told(
    imported: Path, brandtrust: BrandTrust, arguments: list[str], told: str
) -> None:
    """One line, and nothing is written down."""
    outcome = brandtrust("policy", "confirm", imported, *arguments)
    assert outcome.exit_code == 2
    assert told in outcome.stderr
    assert read("policy_history")["confirmed_by"].isna().all()


def test_watching_keeps_what_differs(workplace: Path, server: TermsServer, brandtrust: BrandTrust) -> None:
    """First both pages, then nothing, then the one that changed."""
    path = watched(workplace, server)
    first = brandtrust("policy", "watch", path)
    assert first.exit_code == 0, first.stderr
    assert first.stdout.splitlines() == ["Terms of Service: a new version", "Privacy: a new version"]
    again = brandtrust("policy", "watch", path)
    assert again.stdout.count("as it was (the server says so)") == 2
    server.pages["/terms"] = page(SECOND)
    third = brandtrust("policy", "watch", path)
    assert "Terms of Service: a new version" in third.stdout
    assert versions() == [("Terms of Service", "page"), ("Privacy", "page"), ("Terms of Service", "page")]
    (change,) = read("policy_history").dropna(subset=["direction"]).itertuples()
    assert "ai_training" in change.themes
    assert read("policy_fetches")["outcome"].value_counts().to_dict() == {"changed": 3, "not_sent": 3}


def test_a_page_that_only_looks_different_is_no_version(
    workplace: Path, server: TermsServer, brandtrust: BrandTrust
) -> None:
    """Another menu sends the page again, and its text is as it was."""
    path = watched(workplace, server)
    brandtrust("policy", "watch", path)
    server.pages["/terms"] = page(FIRST, "<nav>Sale!</nav>")
    assert "Terms of Service: as it was" in brandtrust("policy", "watch", path).stdout
    assert len(versions()) == 2


def test_a_failed_look_stops_no_other_and_is_no_version(
    workplace: Path, server: TermsServer, brandtrust: BrandTrust, impatient: None
) -> None:
    """One line, exit code 1; the list says that what the terms say now is not known."""
    path = watched(workplace, server)
    server.pages["/terms"] = Response(404, b"")
    told = brandtrust("policy", "watch", path)
    assert told.exit_code == 1
    assert "Privacy: a new version" in told.stdout
    failed = [line for line in told.stderr.splitlines() if "source failed" in line]
    assert failed == [
        "brandtrust: source failed: Terms of Service: terms: HTTP 404: nothing is there; is the address right? "
        f"Check it in the brand file ({server.url('/terms')})"
    ]
    assert versions() == [("Privacy", "page")]
    assert "Terms of Service: what it says now is not known; the look of" in brandtrust("policy", "list").stdout
    with Store().writer() as connection:
        (run,) = connection.execute("SELECT status, detail FROM runs").fetchall()
    assert run[0] == "source_failed"
    assert "HTTP 404" in run[1]
    server.pages["/terms"] = page(FIRST)
    assert brandtrust("policy", "watch", path).exit_code == 0
    assert "not known" not in brandtrust("policy", "list").stdout


def test_a_wall_before_the_terms_is_believed_only_when_a_person_says_so(
    workplace: Path, server: TermsServer, brandtrust: BrandTrust
) -> None:
    """Nor does the next look take its validator for the terms'."""
    path = watched(workplace, server)
    server.pages["/terms"] = page(FIRST * 4)
    brandtrust("policy", "watch", path)
    server.pages["/terms"] = page(FIRST)
    for _ in range(2):
        told = brandtrust("policy", "watch", path)
        assert told.exit_code == 1
        assert "run again with --even-short" in told.stderr
    assert len(versions()) == 2
    assert brandtrust("policy", "watch", path, "--even-short").exit_code == 0
    assert len(versions()) == 3


def test_a_private_page_needs_a_word_in_the_brand_file(
    workplace: Path, server: TermsServer, brandtrust: BrandTrust
) -> None:
    """A page on loopback fails without it, and nothing is sent."""
    path = write_acme(workplace, more=terms("Terms", server.url("/terms"), more=""))
    told = brandtrust("policy", "watch", path)
    assert told.exit_code == 1
    assert "lies in a private network; not followed" in told.stderr
    assert server.log == []


def test_a_body_without_an_end_is_given_up(
    workplace: Path, server: TermsServer, brandtrust: BrandTrust, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At the limit of size."""
    monkeypatch.setattr(page_requests, "MOST_BYTES", 10_000)
    path = watched(workplace, server)
    server.pages["/terms"] = Response(200, b"terms " * 10_000, {}, "text/plain")
    told = brandtrust("policy", "watch", path)
    assert told.exit_code == 1
    assert "larger than 0.01 MB" in told.stderr
    assert versions() == [("Privacy", "page")]


def test_a_brand_file_without_pages_cannot_be_watched(acme: Path, brandtrust: BrandTrust) -> None:
    """It says what to add, and makes no store."""
    told = brandtrust("policy", "watch", acme)
    assert told.exit_code == 2
    assert "acme.toml: names no page to watch; add a [[terms]] table" in told.stderr
    assert not Store().exists


def test_a_watch_after_an_import_goes_on_with_its_history(
    imported: Path, server: TermsServer, brandtrust: BrandTrust
) -> None:
    """The page is held against the last recorded text; what only the two recorders write differently is noise."""
    server.pages["/terms"] = page(THIRD.replace("files", "<b>files</b>"))
    imported.write_text(imported.read_text() + terms("Terms of Service", server.url("/terms")))
    assert brandtrust("policy", "watch", imported).exit_code == 0
    assert versions()[-1] == ("Terms of Service", "page")
    last = read("policy_history").iloc[-1]
    assert last["noise"] == "markup only"


def test_a_whole_run_looks_at_the_terms(workplace: Path, server: TermsServer, impatient: None) -> None:
    """A page that fails is a source that failed, by its document's name; the other is read and the run goes on."""
    path = watched(workplace, server)
    server.pages["/privacy"] = Response(404, b"")
    steps: list[str] = []

    def step(name: str, work: Callable[[Advance], Any], counting: str = "", *, makes: object = None) -> Any:
        steps.append(name)
        return ("", None, None, None) if name == "report" else work(lambda _: None)

    outcome = weekly(load(path), Store(), step=step)
    assert [each.source for each in outcome.failures] == ["Privacy"]
    assert "HTTP 404" in outcome.run.problem
    assert versions() == [("Terms of Service", "page")]
    looks = ["look at Terms of Service", "look at Privacy", "find changes"]
    assert [name for name in steps if name in looks] == looks
    assert steps.index("find changes") < steps.index("read posts") < steps.index("report")
    asked = len(server.log)
    assert weekly(load(path), Store(), only_sources=["forum"], step=step).pages == []
    assert len(server.log) == asked


def test_a_change_on_practices_is_told_with_the_command_that_makes_it_an_event(
    workplace: Path, server: TermsServer, brandtrust: BrandTrust
) -> None:
    """What it gains, its direction, and a line that can be pasted; another date in the text is not worth a word."""
    path = watched(workplace, server)
    assert "changed on" not in brandtrust("policy", "watch", path).stdout
    server.pages["/privacy"] = page(FIRST.replace("Terms of Service", "Privacy").replace("January 2", "January 3"))
    assert "changed on" not in brandtrust("policy", "watch", path).stdout
    server.pages["/terms"] = page(SECOND)
    told = brandtrust("policy", "watch", path).stdout.splitlines()
    (line,) = [line for line in told if "Terms of Service changed on" in line]
    assert line.endswith(": gains ai_training, legal; widens.")
    command = told[-1].partition("To make it an event: brandtrust ")[2]
    assert "'Terms of Service'" in command
    assert brandtrust(*shlex.split(command)[:-1], "2023-terms").exit_code == 0
    assert event_dates()[0][1]


def findings(brandtrust: BrandTrust, *arguments: object) -> list[str]:
    return [line for line in brandtrust("doctor", *arguments).stdout.splitlines() if "  terms" in line]


def test_the_doctor_tells_how_the_looks_at_each_page_ended(
    workplace: Path, server: TermsServer, brandtrust: BrandTrust, impatient: None
) -> None:
    """Never, well, failed with its reason and since when; robots.txt that forbids, with what to do."""
    path = watched(workplace, server)
    count, first, _ = findings(brandtrust, path)
    assert count == "ok       terms: 2 pages watched, by policy watch and by each run"
    assert first.startswith("ok")
    assert "not looked at yet; run: brandtrust policy watch acme.toml" in first
    brandtrust("policy", "watch", path)
    server.pages["/terms"] = Response(404, b"")
    server.robots = "User-agent: *\nDisallow: /privacy"
    brandtrust("policy", "watch", path)
    _, gone, forbidden = findings(brandtrust, path)
    assert re.match(r"missing  terms Terms of Service: .*: 2 looks, the last .* \(today\), failed: .*HTTP 404", gone)
    assert "(today), so what it says now is not known" in gone
    assert "robots.txt does not let programs read it; keep dated copies of it by hand" in forbidden
    server.pages["/terms"] = page(FIRST)
    assert "answers" in findings(brandtrust, path, "--online")[1]
    brandtrust("policy", "watch", path)
    assert re.search(r"last read .*\(today\); failed last .*HTTP 404", findings(brandtrust, path)[1])


def test_the_doctor_minds_a_page_that_nobody_has_looked_at_for_weeks(
    workplace: Path, server: TermsServer, brandtrust: BrandTrust, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two weekly runs that did not come by."""
    path = watched(workplace, server)
    brandtrust("policy", "watch", path)
    later = now() + timedelta(days=20)
    monkeypatch.setattr(policy_diagnosis, "now", lambda: later)
    found = findings(brandtrust, path)[1]
    assert found.startswith("missing")
    assert "(20 days ago), too long ago; run: brandtrust policy watch acme.toml" in found


def test_check_minds_an_address_that_cannot_be_used(workplace: Path, brandtrust: BrandTrust) -> None:
    """As a run would, and a key in an address is not shown."""
    path = write_acme(workplace, more=terms("Terms", "ftp://acme.example/terms"))
    assert brandtrust("check", path).exit_code == 2
    path = write_acme(workplace, more=terms("Terms", "https://acme.example/terms?key=abc"))
    told = brandtrust("check", path)
    assert told.exit_code == 0
    assert "abc" not in told.stdout


def test_check_shows_the_pages(workplace: Path, server: TermsServer, brandtrust: BrandTrust) -> None:
    """With their addresses."""
    told = brandtrust("check", watched(workplace, server))
    assert f"terms: Privacy: {server.url('/privacy')}" in told.stdout


def test_the_stage_needs_no_prefect(workplace: Path, server: TermsServer) -> None:
    """The plain function does what the flow does."""
    outcome = policy_stages.watch(
        load(watched(workplace, server)), Store(), client=PageClient("terms", sleep=Clock().sleep)
    )
    assert [each.outcome for each in outcome.pages] == ["changed", "changed"]
    assert outcome.failures == []
