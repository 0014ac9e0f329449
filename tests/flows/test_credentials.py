"""Secrets are found where they may lie, and nowhere else."""

from __future__ import annotations

from pathlib import Path

import pytest

from connectors.credentials import Credential, Credentials
from flows.credentials import block_name, find_credentials
from flows.errors import UsageError

TOKEN = Credential("X_BEARER_TOKEN", "developer portal")
OTHER = Credential("REDDIT_CLIENT_ID", "reddit.com/prefs/apps", required=False)


def write_env(text: str, mode: int = 0o600) -> Path:
    path = Path(".env")
    path.write_text(text)
    path.chmod(mode)
    return path


def test_the_environment_goes_before_the_file(workplace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A variable that is set wins; what is not there is simply not found."""
    write_env('X_BEARER_TOKEN="from file"\nREDDIT_CLIENT_ID=abc$HOME\n')
    assert dict(find_credentials([TOKEN, OTHER])) == {"X_BEARER_TOKEN": "from file", "REDDIT_CLIENT_ID": "abc$HOME"}
    monkeypatch.setenv("X_BEARER_TOKEN", "from environment")
    assert find_credentials([TOKEN])["X_BEARER_TOKEN"] == "from environment"
    Path(".env").unlink()
    assert dict(find_credentials([OTHER])) == {}


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o666])
def test_a_file_that_others_can_read_is_refused(workplace: Path, mode: int) -> None:
    """The error names the file and the command that mends it, not what stands in it."""
    write_env("X_BEARER_TOKEN=s3cret\n", mode)
    with pytest.raises(UsageError, match=r"chmod 600 \.env") as caught:
        find_credentials([TOKEN])
    assert "s3cret" not in str(caught.value)


def test_a_connector_without_needs_opens_no_file(workplace: Path) -> None:
    """Whoever collects from open sources only is not bothered with a file's mode."""
    write_env("X_BEARER_TOKEN=s3cret\n", 0o644)
    assert dict(find_credentials([])) == {}


def test_a_named_file_must_be_there(workplace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """BRANDTRUST_ENV_FILE points to a file; a mistyped one is told."""
    monkeypatch.setenv("BRANDTRUST_ENV_FILE", "secrets/absent.env")
    with pytest.raises(UsageError, match="there is no such file"):
        find_credentials([TOKEN])


def test_a_line_that_cannot_be_read_is_told_once_and_not_shown(workplace: Path) -> None:
    """File and line are named, once; the line itself may hold a secret."""
    write_env("REDDIT_CLIENT_ID\n\nX_BEARER_TOKEN s3cret\n")
    with pytest.raises(UsageError, match=r"^\.env:3: is no line such as NAME=value; mend it$"):
        find_credentials([TOKEN])


def test_bytes_that_are_no_text_are_told(workplace: Path) -> None:
    """A binary file is no list of secrets."""
    Path(".env").write_bytes(b"\xff\xfe\x00A")
    Path(".env").chmod(0o600)
    with pytest.raises(UsageError, match="cannot be read"):
        find_credentials([TOKEN])


def test_secrets_show_in_no_repr() -> None:
    """Only the names are shown."""
    held = Credentials({"X_BEARER_TOKEN": "s3cret"})
    assert "s3cret" not in f"{held!r} {held}"
    assert "X_BEARER_TOKEN" in repr(held)
    assert block_name("X_BEARER_TOKEN") == "x-bearer-token"
