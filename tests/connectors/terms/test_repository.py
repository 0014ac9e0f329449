"""Histories of Open Terms Archive are read from folders and bundles of git, and nothing of a repository is run."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from connectors.errors import BadInput
from connectors.terms import repository, versions
from connectors.terms.reading import read_history
from tests.recorded_terms import FIRST, HISTORY, SECOND, TERMS, THIRD, Commit, git, write_bundle, write_repository

JANUARY = datetime(2023, 1, 2)


def refused(path: Path, **choice: object) -> str:
    with pytest.raises(BadInput) as told:
        read_history(path, **choice)  # type: ignore[arg-type]
    assert "\n" not in str(told.value)
    return str(told.value)


def test_each_commit_is_a_version_at_its_authors_date(tmp_path: Path) -> None:
    """Text, time in UTC and commit; the committer's date, of a history that was rewritten, is not taken."""
    history = read_history(write_repository(tmp_path / "versions.git"))
    assert history.service == "Acme"
    assert [(each.document, each.recorded_at, each.text) for each in history.versions] == [
        ("Terms of Service", commit.at, commit.text) for commit in HISTORY
    ]
    assert len({each.reference for each in history.versions}) == 4
    assert {each.origin for each in history.versions} == {"repository"}


@pytest.mark.parametrize(
    ("subject", "technical"),
    [
        ("First record of Acme Terms of Service", False),
        ("Record new changes of Acme Terms of Service", False),
        ("Start tracking Acme Terms of Service", False),
        ("Update Acme Terms of Service", False),
        ("Apply technical or declaration upgrade on Acme Terms of Service", True),
        ("Refilter Acme Terms of Service", True),
        ("Refiltering is what we Update", False),
        ("", False),
    ],
)
def test_versions_that_the_recorder_made_anew_are_marked(tmp_path: Path, subject: str, technical: bool) -> None:
    """By the subjects of the engine's old and new releases."""
    history = read_history(write_repository(tmp_path / "v", [Commit(TERMS, FIRST, JANUARY, subject)]))
    assert [each.technical for each in history.versions] == [technical]


def test_a_bundle_without_a_head_and_a_clone_with_a_work_tree_are_read_alike(tmp_path: Path) -> None:
    """Both give what the bare repository gives."""
    bundle = write_bundle(tmp_path / "acme.bundle")
    git(tmp_path, "clone", "--quiet", "--branch", "main", str(bundle), "clone")
    wanted = read_history(tmp_path / "acme.git")
    assert read_history(bundle) == read_history(tmp_path / "clone") == wanted


def test_a_branch_of_another_name_is_read_where_it_is_the_only_one(tmp_path: Path) -> None:
    """A repository with several, none of them main, is told."""
    path = write_repository(tmp_path / "v", branch="versions")
    git(path, "symbolic-ref", "HEAD", "refs/heads/gone")
    assert len(read_history(path).versions) == 4
    git(path, "branch", "more", "versions")
    assert "several branches" in refused(path)


def test_only_documents_of_services_are_versions(tmp_path: Path) -> None:
    """A page about the repository, files that lie deeper, links, submodules and deletions are none."""
    link = Commit("Acme/Link.md", "/etc/hostname", JANUARY, mode="120000")
    others = [
        Commit("README.md", "About", JANUARY),
        Commit("Acme/deep/Terms.md", FIRST, JANUARY),
        Commit("Acme/logo.png", b"\x89PNG\0", JANUARY),
        link,
        Commit(TERMS, None, JANUARY),
    ]
    history = read_history(write_repository(tmp_path / "v", [*HISTORY, *others]))
    assert {each.document for each in history.versions} == {"Terms of Service"}
    assert len(history.versions) == 4


def test_a_text_that_comes_again_or_is_empty_is_left_out_and_counted(tmp_path: Path) -> None:
    """Empty terms would read as terms taken back; the same text later on is a version of its own."""
    commits = [
        Commit(TERMS, FIRST, JANUARY),
        Commit(TERMS, " \n", datetime(2023, 1, 3)),
        Commit(TERMS, FIRST, datetime(2023, 1, 4)),
        Commit(TERMS, SECOND, datetime(2023, 1, 5)),
        Commit(TERMS, FIRST, datetime(2023, 1, 6)),
    ]
    history = read_history(write_repository(tmp_path / "v", commits))
    assert [each.text for each in history.versions] == [FIRST, SECOND, FIRST]
    assert (history.unchanged, history.empty) == (1, 1)


def test_documents_and_services_can_be_chosen(tmp_path: Path) -> None:
    """Several services need a choice; what there is not is told with what there is."""
    both = [
        *HISTORY,
        Commit("Acme/Privacy Policy.md", FIRST, JANUARY),
        Commit("Bolt/Terms of Service.md", THIRD, JANUARY),
    ]
    path = write_repository(tmp_path / "v", both)
    assert "--service NAME: Acme, Bolt" in refused(path)
    assert 'no service "Cog"; name one of: Acme, Bolt' in refused(path, service="Cog")
    assert 'no document "Cookies"; name one of: Privacy Policy' in refused(path, service="Acme", documents=["Cookies"])
    chosen = read_history(path, service="Acme", documents=["Privacy Policy"])
    assert [each.document for each in chosen.versions] == ["Privacy Policy"]
    assert [each.text for each in read_history(path, service="Bolt").versions] == [THIRD]


def test_two_texts_of_one_moment_are_told(tmp_path: Path) -> None:
    """Which came first cannot be told; one text twice is no matter."""
    path = write_repository(tmp_path / "v", [Commit(TERMS, FIRST, JANUARY), Commit(TERMS, SECOND, JANUARY)])
    assert '"Terms of Service" has two texts of 2023-01-02 00:00:00' in refused(path)


def test_nothing_of_the_repository_is_run(tmp_path: Path) -> None:
    """Settings, hooks and attributes that would start programs stay as they lie."""
    git(tmp_path, "clone", "--quiet", str(write_repository(tmp_path / "v")), "clone")
    clone, trace = tmp_path / "clone", tmp_path / "was-run"
    script = tmp_path / "script"
    script.write_text(f"#!/bin/sh\ntouch '{trace}'\n")
    script.chmod(0o755)
    for key in ("core.fsmonitor", "core.pager", "core.sshCommand", "gpg.program", "diff.external", "core.hooksPath"):
        git(clone, "config", key, str(script))
    git(clone, "config", "log.showSignature", "true")
    git(clone, "config", "uploadpack.packObjectsHook", str(script))
    git(clone, "config", "filter.x.smudge", str(script))
    (clone / ".git/info/attributes").write_text("*.md diff=x filter=x\n")
    git(clone, "config", "diff.x.textconv", str(script))
    (clone / ".git/hooks").mkdir(exist_ok=True)
    for hook in ("post-checkout", "reference-transaction", "post-index-change"):
        (clone / ".git/hooks" / hook).symlink_to(script)
    assert len(read_history(clone).versions) == 4
    assert not trace.exists()


def test_a_clone_that_lacks_texts_is_told_and_nothing_is_fetched(tmp_path: Path) -> None:
    """Git itself would ask the origin of a partial clone for them, by a program that the clone's settings name."""
    origin, trace = write_repository(tmp_path / "v"), tmp_path / "was-run"
    git(origin, "config", "uploadpack.allowFilter", "true")
    git(tmp_path, "clone", "--quiet", "--bare", "--filter=blob:none", f"file://{origin}", "part")
    git(tmp_path / "part", "config", "remote.origin.uploadpack", f"touch '{trace}'; git-upload-pack")
    assert "not all is here; give a whole clone" in refused(tmp_path / "part")
    assert not trace.exists()
    git(tmp_path / "part", "log", "-p")
    assert trace.exists()  # the trap works


def test_what_is_no_repository_or_damaged_is_one_line(tmp_path: Path) -> None:
    """A path that is not there, a file, an empty repository, one without versions, a bundle cut off."""
    assert "no such file or folder" in refused(tmp_path / "nowhere")
    (tmp_path / "notes").write_text("notes")
    assert "neither a git bundle nor a folder" in refused(tmp_path / "notes")
    empty = write_repository(tmp_path / "empty", [])
    assert "without a commit" in refused(empty)
    other = write_repository(tmp_path / "other", [Commit("README.md", "Hello", JANUARY)])
    assert "holds no recorded version" in refused(other)
    bundle = write_bundle(tmp_path / "acme.bundle")
    bundle.write_bytes(bundle.read_bytes()[:-40])
    assert "cut off or damaged; fetch it again" in refused(bundle)
    (tmp_path / "broken/.git").mkdir(parents=True)
    assert "git cannot read it" in refused(tmp_path / "broken")


def test_texts_that_are_none_are_told_before_they_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Binary, of another encoding, too large."""
    assert "binary" in refused(write_repository(tmp_path / "a", [Commit(TERMS, b"\x00\x01", JANUARY)]))
    assert "UTF-8" in refused(
        write_repository(tmp_path / "b", [Commit(TERMS, "Datenschutzerklärung".encode("latin-1"), JANUARY)])
    )
    monkeypatch.setattr(repository, "MOST_BYTES", 1_000)
    monkeypatch.setattr(versions, "MOST_BYTES", 1_000)
    assert "larger than 0.001 MB" in refused(write_repository(tmp_path / "c", [Commit(TERMS, FIRST * 10, JANUARY)]))


def test_git_that_is_missing_or_does_not_end_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One line each, and nothing hangs."""
    path = write_repository(tmp_path / "v")
    with monkeypatch.context() as patched:
        patched.setattr(repository, "SECONDS", 0)
        assert "git was not done" in refused(path)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "needs the program git" in refused(path)


def test_the_recorded_history_of_zoom_is_read_whole(shared_data: Path) -> None:
    """545 commits of two documents; the nine that the engine made anew are marked, none of them of 2023's changes."""
    history = read_history(shared_data / "terms_history/zoom.bundle")
    assert (history.service, len(history.versions), history.empty) == ("Zoom", 545, 0)
    assert {each.document for each in history.versions} == {"Terms of Service", "Privacy Policy"}
    technical = [each.recorded_at for each in history.versions if each.technical]
    assert len(technical) == 9
    changed = [
        each.recorded_at
        for each in history.versions
        if each.document == "Terms of Service" and datetime(2023, 3, 1) < each.recorded_at < datetime(2023, 9, 1)
    ]
    assert [f"{moment:%m-%d %H:%M}" for moment in changed] == [
        "04-01 06:45",
        "07-28 13:43",
        "08-07 18:49",
        "08-11 19:15",
    ]
    assert not set(changed) & set(technical)
