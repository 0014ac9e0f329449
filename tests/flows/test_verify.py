"""`brandtrust verify`: what a forwarded report is told to be, and what nobody can make it say."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from analytics.report import Report, build_report, publish_report, render_outdated
from analytics.store import Store
from analytics.store.purging import purge_posts
from flows import published_sql
from flows.errors import UsageError
from tests.analytics.report import edited_pdf
from tests.analytics.report.invented_store import Invented, fill_store
from tests.flows.conftest import BrandTrust
from tests.posts import write_by_hand

LOUD = ("Loudest words of all, and a link", "The second loudest words", "The third loudest words")
PLAN = Invented(posts_a_week=12, peers=(("webex", "Webex"),), texts=LOUD[::-1])
HEADLINE = "effect on attention of 2023-ai-terms, Zoom"
Edit = Callable[[bytes], bytes]


def publish(store: Store, out: Path) -> Report:
    with store.reader() as connection:
        report = build_report(connection, "zoom")
    publish_report(store, report, out, "run1")
    store.publish()
    return report


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a store of invented posts, its key, and a report that was written from it."""
    folder = tmp_path_factory.mktemp("written")
    (folder / "brandtrust.key").write_text("ab" * 32)
    (folder / "brandtrust.key").chmod(0o600)
    publish(fill_store(folder / "brandtrust.duckdb", PLAN), folder / "report.pdf")
    return folder


@pytest.fixture
def report(written: Path, workplace: Path) -> Path:
    """The report in a folder of its own, beside a copy of the store."""
    shutil.copytree(written, workplace, dirs_exist_ok=True)
    return workplace / "report.pdf"


@pytest.fixture(scope="module")
def as_written(written: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[Edit], Path]:
    """An edited copy of the report; the store is only read and stands in the first folder."""

    def edited(edit: Edit) -> Path:
        path = tmp_path_factory.mktemp("edited") / "report.pdf"
        path.write_bytes(edit((written / "report.pdf").read_bytes()))
        return path

    return edited


def read_json(brandtrust: BrandTrust, *arguments: object) -> dict[str, Any]:
    return dict(json.loads(brandtrust("verify", *arguments, "--json").stdout))


def set_estimate(attached: dict[str, Any]) -> None:
    figure = next(each for each in attached["figures"] if each["figure_id"].endswith("ai-terms/attention/estimate"))
    figure["value"] = 14.31


def test_a_fresh_report_is_identical(report: Path, brandtrust: BrandTrust) -> None:
    """One sentence, and nothing else unless everything is asked for."""
    told = brandtrust("verify", report)
    assert told.exit_code == 0, told.stderr
    assert "IDENTICAL" in told.stdout
    assert len(told.stdout.splitlines()) == 1
    found = read_json(brandtrust, report)
    none = dict.fromkeys(("altered", "altered_figures", "altered_passages", "changed"), 0)
    assert found["counts"] == {"identical": len(found["figures"])} | none
    assert found["counts"]["identical"] > 300
    assert found["notes"] == []
    rows = brandtrust("verify", report, "--all").stdout
    assert "net trust expression, Webex, week of 4\u00a0September 2023" in rows
    assert rows.count("identical") == len(found["figures"])


def test_after_a_deletion_it_says_what_changed_and_how_many_posts_went(report: Path, brandtrust: BrandTrust) -> None:
    """The forwarded file and the one that is rendered anew without the quotes are both told to be as written."""
    store, forwarded = Store(), report.with_name("forwarded.pdf")
    shutil.copyfile(report, forwarded)
    purge_posts(store, "forum", {f"extra-{number}": "deleted" for number in range(3)}, "run2")
    assert [each.outcome for each in render_outdated(store, "run2")] == ["rendered"]
    store.publish()
    assert report.read_bytes() != forwarded.read_bytes()
    for path in (report, forwarded):
        told = brandtrust("verify", path)
        assert told.exit_code == 0, told.stderr
        assert "as it was written, and CHANGED SINCE" in told.stdout
        assert "Zoom: 3 posts deleted." in told.stdout
        assert "Webex: " not in told.stdout
        found = read_json(brandtrust, path)
        changed = {each["figure_id"]: each for each in found["figures"] if each["verdict"] == "changed"}
        posts = changed["left_out/zoom/2023-09-04/all/posts"]
        assert posts["published"]["value"] - posts["now"]["value"] == 3
        own = changed["attention_weekly/zoom/2023-09-04/practices/attention"]  # kept as counted, and counted again here
        assert own["published"]["n"] - own["now"]["n"] == 3
        of_webex = {figure_id for figure_id in changed if "webex" in figure_id}
        assert of_webex == {"voice/zoom/2023-09-04/webex/share_of_voice"}  # of a whole that is smaller now


def test_later_posts_and_new_counts_are_told_apart_from_deletions(report: Path, brandtrust: BrandTrust) -> None:
    """A post that came later, weeks that were counted again and another version of the scorer, each by its name."""
    store = Store()
    with store.transaction() as connection:
        write_by_hand(connection)
        connection.execute(
            "INSERT INTO posts SELECT * REPLACE ('late' AS post_id, 'key-late' AS author_key, now()::TIMESTAMP AS"
            " collected_at) FROM posts WHERE post_id = 'extra-0'"
        )
        for table in ("mentions", "scores"):
            connection.execute(
                f"INSERT INTO {table} SELECT * REPLACE ('late' AS post_id) FROM {table} WHERE post_id = 'extra-0'"
            )
        connection.execute(
            "UPDATE weekly_numbers SET run_id = 'run2', positive = positive + 1 "
            "WHERE brand = 'zoom' AND week = '2023-09-04' AND scope = 'all'"
        )
        connection.execute("UPDATE event_effects SET run_id = 'run2', estimate = 20 WHERE measure = 'attention'")
    store.publish()
    told = brandtrust("verify", report)
    assert told.exit_code == 0, told.stderr
    assert "Zoom: 1 post came later, 1 week counted anew, 1 effect measured anew." in told.stdout
    row = next(line for line in told.stdout.splitlines() if line.startswith(HEADLINE + " "))
    assert row.split()[-6:] == ["24.3", "20.0", "541", "541", "changed", "since"]


def test_a_scorer_of_another_version_is_named(report: Path, brandtrust: BrandTrust) -> None:
    """Every number that it reads is gone or another one, and a sentence says why."""
    store = Store()
    with store.transaction() as connection:
        connection.execute("UPDATE brands SET scorer_version = '2-cd34ef' WHERE brand = 'zoom'")
    store.publish()
    told = brandtrust("verify", report)
    assert told.exit_code == 0, told.stderr
    assert "The brand is read otherwise now than in the report: the scorer's version." in told.stdout


def set_end(attached: dict[str, Any]) -> None:
    attached["figures"][0]["low"] = -99.0


def drop_figure(attached: dict[str, Any]) -> None:
    del attached["figures"][0]


def edit_headline(content: bytes) -> bytes:
    return edited_pdf.edit_words(content, "24.3", "14.3")


def double_estimate(attached: dict[str, Any]) -> None:
    figure = next(each for each in attached["figures"] if each["figure_id"].endswith("ai-terms/attention/estimate"))
    attached["figures"].insert(0, figure | {"value": 99.0})


def repeat_estimate(attached: dict[str, Any]) -> None:
    attached["figures"] += [
        each for each in attached["figures"] if each["figure_id"].endswith("ai-terms/attention/estimate")
    ]


def name_others(attached: dict[str, Any]) -> None:
    attached |= {"brand": "webex", "week": "2020-01-06", "report_id": "webex-2020-01-06-0123456789ab"}
    attached["queries"]["0" * 64] = "SELECT 1"


def edit_reading(attached: dict[str, Any]) -> None:
    attached |= {"scorer": "linear", "paper": "us-letter"}


EDITS: dict[str, tuple[Edit, tuple[str, ...]]] = {
    "number": (edit_headline, ("1 passage of its pages is", "14.3", "24.3 points after 6", HEADLINE)),
    "word": (
        lambda content: edited_pdf.edit_words(content, "fell", "rose"),
        ("1 passage of its pages is", "scores) rose by 14.1", "scores) fell by 14.1"),
    ),
    "letters": (
        lambda content: edited_pdf.edit_letters(content, "4", "7"),
        ("passages of its pages are", "27.3", HEADLINE),
    ),
    "attached": (
        lambda content: edited_pdf.edit_attachment(content, set_estimate),
        ("1 figure that it carries is", "14.3", "24.3", "every word of its pages is as written"),
    ),
    "interval": (lambda content: edited_pdf.edit_attachment(content, set_end), ("1 figure", "altered (its interval)")),
    "dropped": (lambda content: edited_pdf.edit_attachment(content, drop_figure), ("1 figure that it carries is",)),
    "both": (
        lambda content: edited_pdf.edit_attachment(edit_headline(content), set_estimate),
        ("1 passage of its pages and 1 figure that it carries are", HEADLINE),
    ),
    "page": (
        lambda content: edited_pdf.swap_page(content, edit_headline(content)),
        ("1 passage of its pages is", HEADLINE),
    ),
    "page taken out": (edited_pdf.take_out_page, ("passages of its pages are",)),
    "stripped": (edited_pdf.take_out_attachment, ("not the file that was written", "taken out of it")),
    "broken": (lambda content: edited_pdf.replace_attachment(content, b"{"), ("is no JSON",)),
    "twice": (
        lambda content: edited_pdf.edit_attachment(content, double_estimate),
        ("1 figure that it carries is", "99.0", "24.3", "altered (it stands twice)", HEADLINE),
    ),
    "twice alike": (
        lambda content: edited_pdf.edit_attachment(content, repeat_estimate),
        ("1 figure that it carries is", "altered (it stands twice)", HEADLINE),
    ),
    "names": (
        lambda content: edited_pdf.edit_attachment(content, name_others),
        (
            "report zoom-2023-09-04-",
            "What it carries was altered: report (it says webex-2020-01-06-0123456789ab, written was zoom-2023-09-04-",
            "brand (it says webex, written was zoom)",
            "week (it says 2020-01-06, written was 2023-09-04)",
            "SQL of no figure (1 added)",
        ),
    ),
    "reading": (
        lambda content: edited_pdf.edit_attachment(content, edit_reading),
        (
            "What it carries was altered: scorer (it says linear, written was vader",
            "paper (it says us-letter, written was a4)",
        ),
    ),
    "saved": (edited_pdf.save_again, ("not the file that was written", "every word of its pages is as written")),
}
QUICK = ("number", "attached", "both", "page taken out", "twice", "names", "reading", "saved")


@pytest.mark.parametrize(
    "name", [name if name in QUICK else pytest.param(name, marks=pytest.mark.long) for name in EDITS]
)
def test_an_edited_report_is_altered_and_says_where(
    written: Path,
    as_written: Callable[[Edit], Path],
    brandtrust: BrandTrust,
    name: str,
) -> None:
    """A page, the attachment, both, or another program's copy: exit code 1, and the numbers by their names."""
    edit, expected = EDITS[name]
    told = brandtrust("verify", as_written(edit), "--store", written / "brandtrust.duckdb")
    assert told.exit_code == 1, told.stdout + told.stderr
    assert "was ALTERED" in told.stdout
    for words in expected:
        assert words in told.stdout.replace("\u00a0", " ")
    assert "is read otherwise" not in told.stdout  # nothing in the store changed


def test_how_the_brand_is_read_is_not_taken_from_an_edited_file(
    report: Path, as_written: Callable[[Edit], Path], brandtrust: BrandTrust
) -> None:
    """What the store keeps of the report says that; where it keeps nothing, both that can be are said."""
    edited, store = as_written(lambda content: edited_pdf.edit_attachment(content, edit_reading)), Store()
    with store.transaction() as connection:
        connection.execute("UPDATE brands SET scorer_version = '2-cd34ef' WHERE brand = 'zoom'")
    store.publish()
    told = brandtrust("verify", edited).stdout
    assert "The brand is read otherwise now than in the report: the scorer's version." in told
    with store.transaction() as connection:
        connection.execute("DELETE FROM reports")
    store.publish()
    unknown = brandtrust("verify", edited).stdout
    assert "What it carries is not as the brand is read now: scorer, the scorer's version. Either that was" in unknown
    assert "otherwise now than in the report" not in unknown


@pytest.mark.parametrize(
    ("edit", "counts"),
    [
        (EDITS["word"][0], {"altered": 1, "altered_figures": 0, "altered_passages": 1}),
        (EDITS["both"][0], {"altered": 2, "altered_figures": 1, "altered_passages": 1}),
        (EDITS["saved"][0], {"altered": 1, "altered_figures": 0, "altered_passages": 0}),
    ],
    ids=["only words", "words and a figure", "only bytes"],
)
def test_json_counts_as_altered_what_the_words_call_altered(
    written: Path, as_written: Callable[[Edit], Path], brandtrust: BrandTrust, edit: Edit, counts: dict[str, int]
) -> None:
    """A program that reads the counts alone learns of edited pages too, and the exit code is that of the words."""
    told = brandtrust("verify", as_written(edit), "--json", "--store", written / "brandtrust.duckdb")
    found = json.loads(told.stdout)
    assert (told.exit_code, found["verdict"]) == (1, "altered")
    assert {name: found["counts"][name] for name in counts} == counts


def test_sql_of_a_file_is_never_run(
    written: Path, as_written: Callable[[Edit], Path], brandtrust: BrandTrust, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However well its hash fits: only what the store published is asked, and the figure is altered."""
    evil = "SELECT 'COUNT' AS figure_id, 0 AS value, 0 AS low, 0 AS high, 0 AS n FROM posts"

    def bring(attached: dict[str, Any]) -> None:
        sql_hash = hashlib.sha256(evil.encode()).hexdigest()
        attached["queries"][sql_hash] = evil
        attached["figures"][0]["sql_hash"] = sql_hash
        attached["queries"] |= dict.fromkeys(attached["queries"], evil)

    asked: list[str] = []

    def note(connection: duckdb.DuckDBPyConnection, sql: str, memory: str = "2GB") -> published_sql.Answer:
        asked.append(sql)
        return ask(connection, sql, memory)

    ask = published_sql.ask
    monkeypatch.setattr(published_sql, "ask", note)
    path = as_written(lambda content: edited_pdf.edit_attachment(content, bring))
    told = brandtrust("verify", path, "--store", written / "brandtrust.duckdb")
    assert told.exit_code == 1, told.stderr
    assert "altered (its SQL or its name)" in told.stdout
    assert len(asked) > 5
    assert not any("COUNT" in sql for sql in asked)


def name_other_store(attached: dict[str, Any]) -> None:
    attached["store_id"] = "0" * 32


@pytest.mark.parametrize(
    ("edit", "told"),
    [
        (lambda _: b"", "is empty"),
        (lambda _: b"hello", "is no PDF"),
        (lambda _: b"<!DOCTYPE html>\n<p>Report", "only the PDF that was written beside it can be verified"),
        (lambda content: content[:-200], "is cut off"),
        (lambda content: content[: len(content) // 2], "is cut off"),
        (lambda _: b"%PDF-1.7\n" + bytes(range(256)) * 50 + b"%%EOF", "is damaged"),
        (lambda content: content[:900] + b"%%EOF", "is damaged"),
        (edited_pdf.lock, "is locked with a password"),
        (lambda content: edited_pdf.edit_attachment(content, lambda it: it.update(format=2)), "by a newer release"),
        (lambda content: edited_pdf.edit_attachment(content, name_other_store), "from another store"),
        (lambda _: edited_pdf.blank(1), "is no report of brandtrust"),
        (lambda _: edited_pdf.blank(41), "has 41 pages"),
    ],
    ids=["empty", "text", "page", "cut", "half", "noise", "hole", "locked", "newer", "store", "blank", "long"],
)
def test_what_cannot_be_judged_is_one_line(
    written: Path, as_written: Callable[[Edit], Path], brandtrust: BrandTrust, edit: Edit, told: str
) -> None:
    """What it is and what to do, exit code 2, nothing on standard output."""
    result = brandtrust("verify", as_written(edit), "--store", written / "brandtrust.duckdb")
    assert result.exit_code == 2, result.stdout
    assert told in result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert "unexpected" not in result.stderr
    assert result.stdout == ""


def test_a_path_that_is_no_file_is_one_line(written: Path, brandtrust: BrandTrust) -> None:
    """Missing, or a folder."""
    for path, told in ((written / "none.pdf", "is not there"), (written, "is a folder or a device")):
        result = brandtrust("verify", path, "--store", written / "brandtrust.duckdb")
        assert (result.exit_code, len(result.stderr.splitlines())) == (2, 1)
        assert told in result.stderr


def test_what_is_no_report_needs_no_store_to_be_told(workplace: Path, brandtrust: BrandTrust) -> None:
    """Who mistypes a path in an empty folder is not sent to run a brand file."""
    (workplace / "note.pdf").write_text("no PDF")
    for name, says in (("gone.pdf", "is not there"), ("note.pdf", "is no PDF")):
        result = brandtrust("verify", name)
        assert result.exit_code == 2
        assert says in result.stderr


def test_a_store_with_the_same_posts_is_still_another_store(
    written: Path, tmp_path: Path, brandtrust: BrandTrust
) -> None:
    """It gives the same figures under the same id, but this file is none of its own."""
    other = fill_store(tmp_path / "other.duckdb", PLAN)
    with other.transaction() as connection:  # stores of tests are copies of one
        connection.execute("UPDATE store_settings SET value = '0' WHERE name = 'store_id'")
    other.publish()
    publish(other, tmp_path / "other.pdf")
    result = brandtrust("verify", written / "report.pdf", "--store", tmp_path / "other.duckdb")
    assert result.exit_code == 2
    assert "was written from another store" in result.stderr


@pytest.mark.long
def test_a_report_that_another_took_the_place_of_is_still_known(report: Path, brandtrust: BrandTrust) -> None:
    """Whoever was sent the first one can ask about it: its bytes and figures stay known."""
    store, first = Store(), report.with_name("first.pdf")
    shutil.copyfile(report, first)
    with store.transaction() as connection:
        connection.execute("UPDATE event_effects SET estimate = 20 WHERE measure = 'attention'")
    store.publish()
    again = publish(store, report)
    assert again.report_id not in brandtrust("verify", first).stdout
    assert "CHANGED SINCE" in brandtrust("verify", first).stdout
    assert "IDENTICAL" in brandtrust("verify", report).stdout
    edited = report.with_name("edited.pdf")
    edited.write_bytes(edit_headline(first.read_bytes()))
    told = brandtrust("verify", edited)
    assert told.exit_code == 1
    assert "keeps the words of this report no longer" in told.stdout


def test_a_store_whose_record_was_changed_is_told(report: Path, brandtrust: BrandTrust) -> None:
    """The file is as written; it is what the store says was published that differs."""
    store = Store()
    with store.transaction() as connection:
        connection.execute("UPDATE published_figures SET value = 20 WHERE figure_id LIKE 'effect/%/attention/estimate'")
    store.publish()
    told = brandtrust("verify", report)
    assert told.exit_code == 1
    assert "what the store says of it was changed" in told.stdout


def test_a_published_query_that_runs_no_more_is_told(
    written: Path, brandtrust: BrandTrust, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its figures are not called identical, and what kept them from being computed is said."""
    ask = published_sql.ask

    def refuse(connection: duckdb.DuckDBPyConnection, sql: str, memory: str = "2GB") -> published_sql.Answer:
        if "AS reach FROM brand_posts_without_text" in sql or "published_against_now" in sql:
            raise UsageError("no such view")
        return ask(connection, sql, memory)

    monkeypatch.setattr(published_sql, "ask", refuse)
    told = brandtrust("verify", written / "report.pdf", "--store", written / "brandtrust.duckdb")
    assert told.exit_code == 0, told.stderr
    assert "CHANGED SINCE" in told.stdout
    assert "Of the queries 3 do not run on the store as it is now; the first is " in told.stdout


def test_a_copy_of_an_older_release_is_one_line(report: Path, brandtrust: BrandTrust) -> None:
    """The next run publishes one that can be asked."""
    with duckdb.connect(str(Store().read_path)) as connection:
        connection.execute("DROP TABLE report_files")
    result = brandtrust("verify", report)
    assert result.exit_code == 2
    assert "older release; run: brandtrust run" in result.stderr


def test_the_same_report_is_the_same_bytes_on_another_day(
    written: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is attached says nothing of the moment: written again a year later the file is the same one."""
    shutil.copytree(written, tmp_path, dirs_exist_ok=True)
    store = Store(tmp_path / "brandtrust.duckdb")
    for module in ("building", "figures", "keeping"):
        monkeypatch.setattr(f"analytics.report.{module}.now", lambda: datetime(2031, 2, 3))
    publish(store, tmp_path / "again.pdf")
    assert (tmp_path / "again.pdf").read_bytes() == (written / "report.pdf").read_bytes()


def test_what_is_attached_tells_of_no_post_path_or_secret(written: Path) -> None:
    """Numbers, names and SQL only."""
    attached = edited_pdf.read_attachment((written / "report.pdf").read_bytes()).decode()
    with Store(written / "brandtrust.duckdb").reader() as connection:
        texts = connection.execute("SELECT post_id, text FROM posts WHERE post_id LIKE 'extra-%'").fetchall()
        texts += connection.execute("SELECT post_id, text FROM posts ORDER BY post_id LIMIT 500").fetchall()
    assert not [text for _, text in texts if text in attached]
    assert not [post_id for post_id, _ in texts if f'"{post_id}"' in attached]
    assert not [word for word in (str(written), "ab" * 32, "key-", "forum.invalid") if word in attached]
