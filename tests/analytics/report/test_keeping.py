"""Written reports are rendered anew without a quote that must go, and otherwise stay as they were."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from pypdf import PdfReader

from analytics.report import (
    QuoteGone,
    Report,
    ReportError,
    build_report,
    list_posts_behind,
    publish_report,
    render_outdated,
)
from analytics.report.model import LoudPost
from analytics.report.pdf import CompiledPdf, Paper, compile_pdf
from analytics.report.placed_files import place_file
from analytics.store import Store, StoreBusy
from analytics.store.purging import count_purges, purge_posts
from tests.analytics.report.invented_store import Invented, fill_store
from tests.traces import found_in_bytes

LOUD = ("Loudest words of all, and a link", "The second loudest words", "The third loudest words")
PLAN = Invented(posts_a_week=12, peers=(("webex", "Webex"),), texts=LOUD[::-1])


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a store of invented posts."""
    folder = tmp_path_factory.mktemp("filled")
    fill_store(folder / "a.duckdb", PLAN)
    (folder / "a.key").write_text("ab" * 32)
    (folder / "a.key").chmod(0o600)
    return folder


@pytest.fixture
def store(filled: Path, tmp_path: Path) -> Store:
    """A copy of it."""
    shutil.copytree(filled, tmp_path, dirs_exist_ok=True)
    return Store(tmp_path / "a.duckdb")


def build(store: Store) -> Report:
    with store.reader() as connection:
        return build_report(connection, "zoom")


def behind(store: Store, report: Report) -> tuple[LoudPost, ...]:
    with store.reader() as connection:
        return list_posts_behind(connection, report)


def read(path: Path) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(path).pages).replace("\u200b", "").split())


def post_of(report: Report, text: str) -> dict[str, str]:
    return {next(post.post_id for post in report.posts if post.text == text): "deleted"}


def kept(store: Store) -> list[tuple[object, ...]]:
    with store.writer() as connection:
        return connection.execute("SELECT path, report_id, withdrawn, outdated FROM reports").fetchall()


def test_a_report_whose_quotes_are_there_is_left_alone(store: Store, tmp_path: Path) -> None:
    """A purge of what it does not quote touches neither the file nor its record."""
    path = publish_report(store, build(store), tmp_path / "reports" / "a.pdf", "run1")
    before = path.read_bytes()
    purge_posts(store, "forum", {"zoom-1": "deleted"}, "run2")
    assert render_outdated(store, "run2") == []
    assert path.read_bytes() == before


def test_what_is_kept_gives_the_same_file_again(store: Store, tmp_path: Path) -> None:
    """Byte for byte, out of the record alone: no word and no number comes from the store as it is now."""
    report = build(store)
    path = publish_report(store, report, tmp_path / "reports" / "a.pdf", "run1", paper="us-letter")
    before = path.read_bytes()
    with store.writer() as connection:
        connection.execute("UPDATE reports SET outdated = true")
        for table in ("weekly_numbers", "coverage", "event_effects", "policy_events", "brands"):
            connection.execute(f"DELETE FROM {table}")
    (rendered,) = render_outdated(store, "run2")
    assert (rendered.path, rendered.outcome) == (path, "rendered")
    assert path.read_bytes() == before


def test_a_quote_goes_and_every_number_stays(store: Store, tmp_path: Path) -> None:
    """Same path, same id, same figures; the others are still quoted, and a line says that something was taken out."""
    report = build(store)
    path = publish_report(store, report, tmp_path / "reports" / "a.pdf", "run1")
    with store.writer() as connection:
        figures = connection.execute("SELECT * FROM published_figures ORDER BY ALL").fetchall()
    assert found_in_bytes(path.parent, LOUD) == set(LOUD)
    assert purge_posts(store, "forum", post_of(report, LOUD[0]), "run2").outdated_reports == 1
    assert [each.outcome for each in render_outdated(store, "run2")] == ["rendered"]
    assert found_in_bytes(path.parent, [*LOUD, next(iter(post_of(report, LOUD[0])))]) == set(LOUD[1:])
    text = read(path)
    assert "1 post quoted here before has been deleted since" in text
    assert f"Report {report.report_id}" in text
    assert f"{len(report.figures)} figures are published" in text.replace("\u00a0", " ").replace(",", "")
    assert kept(store) == [("reports/a.pdf", report.report_id, 1, False)]
    with store.writer() as connection:
        assert connection.execute("SELECT * FROM published_figures ORDER BY ALL").fetchall() == figures


def test_what_is_kept_of_a_page_gives_the_same_page_again(store: Store, tmp_path: Path) -> None:
    """Byte for byte, with the posts behind every week, out of the record and the stored posts alone."""
    report = build(store)
    posts = behind(store, report)
    path = publish_report(store, report, tmp_path / "reports" / "a.html", "run1", behind=posts)
    before = path.read_bytes()
    assert len(posts) > 500
    assert before.startswith(b"<!DOCTYPE html>")
    with store.writer() as connection:
        assert connection.execute("SELECT count(*) FROM report_quotes").fetchall() == [(len(report.posts + posts),)]
        connection.execute("UPDATE reports SET outdated = true")
        for table in ("weekly_numbers", "coverage", "event_effects", "policy_events", "brands", "scores"):
            connection.execute(f"DELETE FROM {table}")
    (rendered,) = render_outdated(store, "run2")
    assert (rendered.path, rendered.outcome) == (path, "rendered")
    assert path.read_bytes() == before


def test_a_quote_goes_from_the_page_and_the_pdf(store: Store, tmp_path: Path) -> None:
    """Each file is rendered anew without it, and every number of the page stays."""
    report = build(store)
    posts = behind(store, report)
    pdf = publish_report(store, report, tmp_path / "reports" / "a.pdf", "run1")
    page = publish_report(store, report, tmp_path / "reports" / "a.html", "run1", behind=posts)
    assert found_in_bytes(page.parent, LOUD) == set(LOUD)
    assert purge_posts(store, "forum", post_of(report, LOUD[0]), "run2").outdated_reports == 2
    assert [each.path for each in render_outdated(store, "run2")] == [page, pdf]
    assert found_in_bytes(page.parent, LOUD) == set(LOUD[1:])
    text = page.read_text().replace("\u00a0", " ")
    assert "1 post quoted here before has been deleted since" in text
    assert f"Report {report.report_id}" in text
    assert f"{len(posts) - 1:,} posts of" in text


def test_a_post_that_only_the_page_shows_goes_too(store: Store, tmp_path: Path) -> None:
    """However old: the page is rendered anew without it, and the PDF, which never quoted it, is left alone."""
    report = build(store)
    posts = behind(store, report)
    pdf = publish_report(store, report, tmp_path / "reports" / "a.pdf", "run1")
    page = publish_report(store, report, tmp_path / "reports" / "a.html", "run1", behind=posts)
    gone, before = posts[-1], pdf.read_bytes()
    assert f'"{gone.url}"' in page.read_text()
    assert purge_posts(store, gone.source, {gone.post_id: "deleted"}, "run2").outdated_reports == 1
    assert [each.path for each in render_outdated(store, "run2")] == [page]
    assert f'"{gone.url}"' not in page.read_text()
    assert pdf.read_bytes() == before
    with pytest.raises(QuoteGone, match="zoom"):
        publish_report(store, report, page, "run3", behind=posts)


def test_a_purge_since_a_report_was_built_is_known_by_their_number(store: Store, tmp_path: Path) -> None:
    """With it a report is written while none came, and not once a post that it quotes is gone."""
    report = build(store)
    with store.writer() as connection:
        purges = count_purges(connection)
    page = publish_report(store, report, tmp_path / "a.html", "run1", purges=purges)
    assert page.exists()
    purge_posts(store, "forum", post_of(report, LOUD[0]), "run2")
    with pytest.raises(QuoteGone, match="zoom"):
        publish_report(store, report, tmp_path / "b.html", "run3", purges=purges)


@pytest.mark.long
def test_quotes_that_go_one_after_the_other_add_up(store: Store, tmp_path: Path) -> None:
    """Twice purged, twice rendered: both quotes are gone, and both are counted."""
    report = build(store)
    path = publish_report(store, report, tmp_path / "a.pdf", "run1")
    for text in LOUD[:2]:
        purge_posts(store, "forum", post_of(report, text), "run2")
        render_outdated(store, "run2")
    assert "2 posts quoted here before have been deleted" in read(path)
    assert found_in_bytes(tmp_path, LOUD, but=["a.duckdb", "a.read.duckdb"]) == {LOUD[2]}


def test_a_report_that_is_written_again_takes_the_place_of_its_record(store: Store, tmp_path: Path) -> None:
    """One file, one record, whatever it said before."""
    report = build(store)
    for paper in ("a4", "us-letter", "us-letter"):
        publish_report(store, report, tmp_path / "a.pdf", "run1", paper=paper)  # type: ignore[arg-type]
    with store.writer() as connection:
        assert connection.execute("SELECT paper FROM reports").fetchall() == [("us-letter",)]
        assert connection.execute("SELECT count(*) FROM report_quotes").fetchall() == [(len(report.posts),)]


def test_no_text_of_a_post_is_kept_with_a_report(store: Store, tmp_path: Path) -> None:
    """Only the table of posts holds it: one place to erase."""
    publish_report(store, build(store), tmp_path / "a.pdf", "run1")
    with store.writer() as connection:
        everything = str(connection.execute("SELECT * FROM reports, report_quotes").fetchall())
    assert not any(text in everything for text in LOUD)
    assert "extra-2" in everything


def test_a_file_that_is_gone_or_anothers_is_not_written_over(store: Store, tmp_path: Path) -> None:
    """A deleted report is not made anew and a changed one is left for a person; each is told once."""
    report = build(store)
    gone = publish_report(store, report, tmp_path / "gone.pdf", "run1")
    changed = publish_report(store, report, tmp_path / "changed.pdf", "run1")
    gone.unlink()
    changed.write_bytes(b"mine")
    purge_posts(store, "forum", post_of(report, LOUD[0]), "run2")
    assert {each.path: each.outcome for each in render_outdated(store, "run2")} == {gone: "missing", changed: "changed"}
    assert not gone.exists()
    assert changed.read_bytes() == b"mine"
    assert kept(store) == []
    assert render_outdated(store, "run3") == []


@pytest.mark.long
def test_a_kill_before_the_file_takes_its_place_leaves_no_quote_unknown(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whichever of the two files stands there then, and whatever draft beside it, the quote is taken out of it."""
    report = build(store)
    path = publish_report(store, report, tmp_path / "reports" / "a.pdf", "run1")

    def kill(content: bytes, out: Path) -> None:
        out.with_name(f".{out.name}.draft").write_bytes(content)
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("analytics.report.keeping.place_file", kill)
        with pytest.raises(KeyboardInterrupt):
            publish_report(store, report, path, "run2", paper="us-letter")
        with pytest.raises(KeyboardInterrupt):
            publish_report(store, report, path.with_name("b.pdf"), "run2")
    assert len(kept(store)) == 3
    purge_posts(store, "forum", post_of(report, LOUD[0]), "run3")
    assert [each.outcome for each in render_outdated(store, "run3")] == ["rendered", "missing"]
    assert found_in_bytes(path.parent, LOUD) == set(LOUD[1:])
    assert len(kept(store)) == 1
    assert [each.name for each in path.parent.iterdir()] == ["a.pdf"]


@pytest.mark.long
def test_a_folder_that_was_moved_keeps_its_reports(tmp_path: Path) -> None:
    """Paths below the store's folder are kept relative to it."""
    (tmp_path / "here").mkdir()
    store = fill_store(tmp_path / "here" / "a.duckdb", PLAN)
    _ = (tmp_path / "here" / "a.key").write_text("ab" * 32), (tmp_path / "here" / "a.key").chmod(0o600)
    report = build(store)
    publish_report(store, report, tmp_path / "here" / "reports" / "a.pdf", "run1")
    (tmp_path / "here").rename(tmp_path / "there")
    moved = Store(tmp_path / "there" / "a.duckdb")
    purge_posts(moved, "forum", post_of(report, LOUD[0]), "run2")
    (rendered,) = render_outdated(moved, "run2")
    assert (rendered.path, rendered.outcome) == (tmp_path / "there" / "reports" / "a.pdf", "rendered")


def test_a_report_is_not_written_with_a_quote_that_went_since_it_was_built(store: Store, tmp_path: Path) -> None:
    """Whoever builds reads a copy; a post purged since then stops the report before anything of it is written."""
    report = build(store)
    purge_posts(store, "forum", post_of(report, LOUD[0]), "run1")
    with pytest.raises(QuoteGone, match="zoom"):
        publish_report(store, report, tmp_path / "reports" / "a.pdf", "run2")
    assert not (tmp_path / "reports").exists()
    assert kept(store) == []
    with store.writer() as connection:
        assert connection.execute("SELECT count(*) FROM published_figures").fetchall() == [(0,)]


@pytest.mark.long
def test_no_purge_comes_between_a_record_and_its_file(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A purge there would drop the record as that of a missing file, and the quote then stand in a file unknown."""
    report = build(store)

    def place(content: bytes, out: Path) -> None:
        with pytest.raises(StoreBusy):
            purge_posts(Store(store.path, lock_seconds=0), "forum", post_of(report, LOUD[0]), "run2")
        place_file(content, out)

    monkeypatch.setattr("analytics.report.keeping.place_file", place)
    path = publish_report(store, report, tmp_path / "reports" / "a.pdf", "run1")
    monkeypatch.undo()
    purge_posts(store, "forum", post_of(report, LOUD[0]), "run2")
    render_outdated(store, "run2")
    assert found_in_bytes(path.parent, LOUD) == set(LOUD[1:])


@pytest.mark.long
def test_no_second_purge_comes_into_the_rendering_of_the_first(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the second one erases goes from the file too: it marks the record that the first one leaves."""
    report = build(store)
    path = publish_report(store, report, tmp_path / "reports" / "a.pdf", "run1")
    purge_posts(store, "forum", post_of(report, LOUD[0]), "run2")

    def compile_meanwhile(report: Report, paper: Paper) -> CompiledPdf:
        with pytest.raises(StoreBusy):
            purge_posts(Store(store.path, lock_seconds=0), "forum", post_of(report, LOUD[1]), "run3")
        return compile_pdf(report, paper)

    monkeypatch.setattr("analytics.report.keeping.compile_pdf", compile_meanwhile)
    render_outdated(store, "run2")
    monkeypatch.undo()
    purge_posts(store, "forum", post_of(report, LOUD[1]), "run3")
    assert [each.outcome for each in render_outdated(store, "run3")] == ["rendered"]
    assert found_in_bytes(path.parent, LOUD) == {LOUD[2]}


def test_a_report_that_cannot_be_written_is_one_line(store: Store, tmp_path: Path) -> None:
    """Where and what to do, and nothing about the store, which is well."""
    (tmp_path / "reports").write_text("a file")
    with pytest.raises(ReportError, match=r"a\.pdf: cannot be written: .*--out$"):
        publish_report(store, build(store), tmp_path / "reports" / "a.pdf", "run1")
