"""Versions that Open Terms Archive recorded: a git repository or bundle, `Service/Document.md`, a commit a version.

The repository may be anybody's. So it is cloned bare into a folder of ours, without a work tree, and read there by
settings of ours alone: neither its configuration nor its hooks, attributes or submodules have a say, no program is run
for it, and git may speak with nothing but the disk.
"""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from connectors.errors import BadInput
from connectors.terms.versions import MOST_BYTES, SOURCE, Advance, History, RecordedVersion, arrange, decode, too_large

SECONDS = 600  # for one call of git
BUNDLE = re.compile(rb"# v\d git bundle\n")
# How the engine calls a version that its own new rules brought; "Refilter" up to release 0.24.
TECHNICAL = re.compile(r"(Apply technical( or declaration)? upgrade|Refilter)\b")
FILE_MODES = ("100644", "100755")  # neither links nor submodules
SETTINGS = """\
[safe]
	directory = *
[core]
	hooksPath = /dev/null
	fsmonitor = false
[protocol]
	allow = never
[protocol "file"]
	allow = always
[protocol "ext"]
	allow = never
[gc]
	auto = 0
[maintenance]
	auto = false
"""


@dataclass(frozen=True, slots=True)
class _Entry:
    service: str
    document: str
    recorded_at: datetime
    commit: str
    blob: str
    technical: bool


def is_repository(path: Path) -> bool:
    """Whether `path` is a folder of git, with or without a work tree, or a bundle."""
    if path.is_dir():
        return (path / ".git").exists() or ((path / "HEAD").is_file() and (path / "objects").is_dir())
    try:
        with path.open("rb") as file:
            return BUNDLE.match(file.read(20)) is not None
    except OSError:
        return False


def read_repository(
    path: Path, *, service: str = "", documents: Sequence[str] = (), progress: Advance = lambda _: None
) -> History:
    """Every recorded version, at its commit's author date. `service` and `documents` choose; without them all.

    Raises BadInput where it cannot be read, holds no versions, or those of several services and `service` is not given.
    """
    with _cloned(path) as git:
        entries = _choose(_list_entries(git, _find_head(git)), git.shown, service, documents)
        texts = _read_blobs(git, [entry.blob for entry in entries], progress)
        versions = [
            RecordedVersion(
                entry.document, entry.recorded_at, texts[entry.blob], "repository", entry.commit, entry.technical
            )
            for entry in entries
        ]
    return arrange(versions, entries[0].service)


@dataclass(frozen=True, slots=True)
class _Git:
    """A bare clone in `folder`; `shown` is what the user called it."""

    folder: Path
    shown: str

    @property
    def repository(self) -> Path:
        return self.folder / "clone.git"

    def command(self, *arguments: str) -> list[str]:
        return ["git", "--no-pager", f"--git-dir={self.repository}", *arguments]

    def environment(self) -> dict[str, str]:
        """Nothing of the user's own settings of git, and nobody to ask for a password."""
        return {
            "PATH": os.environ.get("PATH", os.defpath),
            "HOME": str(self.folder),
            "LC_ALL": "C",
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CONFIG_GLOBAL": str(self.folder / "settings"),
            "GIT_TERMINAL_PROMPT": "0",
            "GIT_OPTIONAL_LOCKS": "0",
            "GIT_NO_LAZY_FETCH": "1",
            "GIT_NO_REPLACE_OBJECTS": "1",
        }

    def run(self, command: Sequence[str]) -> bytes:
        """What git answers. Raises BadInput with its last line where it fails."""
        try:
            done = subprocess.run(
                command,
                env=self.environment(),
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=SECONDS,
                check=True,
            )
        except FileNotFoundError:
            raise BadInput(SOURCE, self.shown, "needs the program git, which is not here; install it") from None
        except subprocess.TimeoutExpired:
            raise BadInput(SOURCE, self.shown, f"git was not done after {SECONDS} s; give a clone of it") from None
        except subprocess.CalledProcessError as failed:
            told = _last_line(failed.stderr)
            raise BadInput(SOURCE, self.shown, f"git cannot read it; check it with git fsck: {told}") from None
        return done.stdout


@contextmanager
def _cloned(path: Path) -> Iterator[_Git]:
    """A bare clone that takes a folder's objects where they lie, for as long as the context lasts."""
    whole = path.resolve()
    with tempfile.TemporaryDirectory(prefix="brandtrust-terms-") as folder:
        git = _Git(Path(folder), str(path))
        (git.folder / "settings").write_text(SETTINGS, "utf-8")
        shared = ["--shared"] if whole.is_dir() else []
        clone = ["git", "clone", "--bare", "--quiet", "--no-tags", "--template=", *shared, "--"]
        try:
            git.run([*clone, str(whole), str(git.repository)])
        except BadInput as problem:
            if whole.is_dir() or "git cannot read it" not in problem.problem:
                raise
            told = f"is a git bundle that is cut off or damaged; fetch it again ({problem.problem})"
            raise BadInput(SOURCE, str(path), told) from None
        yield git


def _last_line(stderr: bytes) -> str:
    lines = [line for line in stderr.decode("utf-8", "replace").splitlines() if line.strip()]
    return lines[-1].strip()[:200] if lines else "it does not say why"


def _find_head(git: _Git) -> str:
    """The commit to read from: of HEAD, or of the branch that stands for it where a bundle has none."""
    told = git.run(git.command("for-each-ref", "--format=%(refname)", "refs/heads")).decode("utf-8", "replace")
    branches = told.split()
    wanted = ["HEAD", "refs/heads/main", "refs/heads/master", *(branches if len(branches) == 1 else [])]
    for name in wanted:
        try:
            commit = git.run(git.command("rev-parse", "--quiet", "--verify", f"{name}^{{commit}}"))
        except BadInput:
            continue
        return commit.decode().strip()
    if branches:
        raise BadInput(SOURCE, git.shown, "has several branches and none is called main; give a clone of one of them")
    raise BadInput(SOURCE, git.shown, "is a git repository without a commit; give one that holds versions")


def _list_entries(git: _Git, commit: str) -> Iterator[_Entry]:
    """Each recorded file of the history in one pass over its commits, without its text."""
    told = git.run(
        git.command(
            *(
                "log",
                "--no-color",
                "--no-show-signature",
                "--no-notes",
                "--no-renames",
                "--no-ext-diff",
                "--no-textconv",
            ),
            *("--ignore-submodules=all", "--diff-filter=AMT", "--raw", "-z", "--no-abbrev", "--root"),
            *("--format=%H%x00%at%x00%s", commit, "--"),
        )
    ).decode("utf-8", "replace")
    words = iter(told.split("\0"))
    hash_, recorded_at, technical = "", datetime.min, False  # noqa: DTZ901 - never read before the first commit sets it
    for word in words:
        word = word.lstrip("\n")
        if not word:
            continue
        if not word.startswith(":"):
            hash_, seconds, subject = word, next(words), next(words)
            recorded_at, technical = _read_seconds(seconds, hash_), TECHNICAL.match(subject) is not None
            continue
        _, mode, _, blob, _ = word.split(" ")
        path = PurePosixPath(next(words))
        if mode in FILE_MODES and len(path.parts) == 2 and path.suffix == ".md":
            yield _Entry(path.parts[0], path.stem, recorded_at, hash_, blob, technical)


def _read_seconds(seconds: str, commit: str) -> datetime:
    try:
        return datetime.fromtimestamp(int(seconds), UTC).replace(tzinfo=None)
    except (ValueError, OverflowError, OSError):
        raise BadInput(SOURCE, f"commit {commit}", "has an author date that is no time; mend the commit") from None


def _choose(found: Iterator[_Entry], shown: str, service: str, documents: Sequence[str]) -> list[_Entry]:
    """The entries that are asked for, of one service."""
    entries = list(found)
    if not entries:
        raise BadInput(
            SOURCE,
            shown,
            "holds no recorded version; give one with Service/Document.md, as Open Terms Archive has",
        )
    services = sorted({entry.service for entry in entries})
    if service and service not in services:
        raise BadInput(SOURCE, shown, f'has no service "{service}"; name one of: {_name_some(services)}')
    if not service and len(services) > 1:
        raise BadInput(
            SOURCE, shown, f"holds the terms of several services; add --service NAME: {_name_some(services)}"
        )
    entries = [entry for entry in entries if entry.service == (service or services[0])]
    known = sorted({entry.document for entry in entries})
    for document in documents:
        if document not in known:
            raise BadInput(SOURCE, shown, f'has no document "{document}"; name one of: {_name_some(known)}')
    return [entry for entry in entries if not documents or entry.document in documents]


def _name_some(names: Sequence[str]) -> str:
    return ", ".join(names[:8]) + (f" and {len(names) - 8} more" if len(names) > 8 else "")


def _read_blobs(git: _Git, blobs: Sequence[str], progress: Advance) -> dict[str, str]:
    """The text of each blob, all by one process. What is too large is refused before it is read."""
    asked = Counter(blobs)
    texts: dict[str, str] = {}
    questions = git.folder / "questions"
    questions.write_text("".join(f"{blob}\n" for blob in asked), "ascii")
    with (
        questions.open("rb") as given,
        subprocess.Popen(
            git.command("cat-file", "--batch"),
            env=git.environment(), stdin=given, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        ) as process,
    ):  # fmt: skip
        watch = threading.Timer(SECONDS, process.kill)
        watch.start()
        try:
            assert process.stdout is not None
            for blob in asked:
                head = process.stdout.readline().split()
                if len(head) != 3 or head[1] != b"blob":
                    raise BadInput(
                        SOURCE, git.shown, f"lacks the text {blob[:12]}: not all is here; give a whole clone"
                    )
                if int(head[2]) > MOST_BYTES:
                    raise too_large(f"{git.shown}, {blob[:12]}")
                texts[blob] = decode(process.stdout.read(int(head[2])), f"{git.shown}, {blob[:12]}")
                process.stdout.read(1)  # the line end behind it
                progress(asked[blob])
        finally:
            watch.cancel()
            process.kill()
    return texts
