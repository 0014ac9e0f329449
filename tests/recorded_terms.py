"""Repositories as Open Terms Archive keeps them, made by git itself in one go, and terms that we wrote."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

FIRST = (
    "# Terms of Service\n\nEffective Date: January 2, 2023\n\n"
    "We store the files that you upload so that we can show them to you.\n\n"
    "We delete your files within thirty days after you close your account.\n\n"
    "You may end this agreement at any time by closing your account in the settings of the service.\n"
)
TRAINING = (
    "You grant us a licence to use your content to train our machine learning and artificial intelligence models.\n"
)
SECOND = FIRST.replace("January 2, 2023", "March 30, 2023") + "\n" + TRAINING
THIRD = SECOND.replace("March 30, 2023", "August 7, 2023") + "\nWe will not train them without your consent.\n"


@dataclass(frozen=True)
class Commit:
    """One commit: `at` is the author's date in UTC; the committer's is a year later. `text` None deletes the file."""

    path: str
    text: str | bytes | None
    at: datetime
    subject: str = "Record new changes of Acme Terms of Service"
    mode: str = "100644"


TERMS = "Acme/Terms of Service.md"
HISTORY = (
    Commit(TERMS, FIRST, datetime(2023, 1, 2, 6), "First record of Acme Terms of Service"),
    Commit(TERMS, SECOND, datetime(2023, 4, 1, 6, 45)),
    Commit(
        TERMS, SECOND + "\n", datetime(2023, 5, 1), "Apply technical or declaration upgrade on Acme Terms of Service"
    ),
    Commit(TERMS, THIRD, datetime(2023, 8, 7, 18, 49)),
)


def git(folder: Path, *arguments: str, given: bytes = b"") -> str:
    """What git answers, by no settings of this machine."""
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "GIT_CONFIG_NOSYSTEM": "1", "LC_ALL": "C"}
    done = subprocess.run(
        ["git", *arguments], cwd=folder, input=given, env=environment, capture_output=True, check=True
    )
    return done.stdout.decode()


def write_repository(folder: Path, commits: Sequence[Commit] = HISTORY, branch: str = "main") -> Path:
    """A bare repository with one commit after the other."""
    folder.mkdir(parents=True)
    git(folder, "init", "--quiet", "--bare", "--initial-branch", branch)
    stream = b"".join(_write(commit, branch) for commit in commits)
    git(folder, "fast-import", "--quiet", given=stream)
    return folder


def write_bundle(path: Path, commits: Sequence[Commit] = HISTORY) -> Path:
    """The same as a bundle that names no HEAD."""
    repository = write_repository(path.with_suffix(".git"), commits)
    git(repository, "bundle", "create", "--quiet", str(path.resolve()), "main")
    return path


def _write(commit: Commit, branch: str) -> bytes:
    seconds = int(commit.at.replace(tzinfo=UTC).timestamp())
    who = "Recorder <recorder@example.invalid>"
    head = (
        f"commit refs/heads/{branch}\nauthor {who} {seconds} +0000\ncommitter {who} {seconds + 31_536_000} +0000\n"
        f"data {len(commit.subject.encode())}\n{commit.subject}\n"
    )
    if commit.text is None:
        return f"{head}D {commit.path}\n".encode()
    content = commit.text if isinstance(commit.text, bytes) else commit.text.encode()
    return f"{head}M {commit.mode} inline {commit.path}\ndata {len(content)}\n".encode() + content + b"\n"
