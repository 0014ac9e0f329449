"""Where secrets come from: the environment, else a `.env` file that nobody else can read, else Prefect's secrets.

A secret goes from here to its connector and nowhere else.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable
from pathlib import Path

from connectors.credentials import Credential, Credentials
from flows.errors import UsageError

ENV_FILE = "BRANDTRUST_ENV_FILE"


def find_credentials(needs: Iterable[Credential]) -> Credentials:
    """The values of `needs` that are there. Raises UsageError for a `.env` file that others can read."""
    wanted = [need.name for need in needs]
    if not wanted:
        return Credentials()
    found = {name: os.environ[name] for name in wanted if os.environ.get(name)}
    for source in (_from_file, _from_prefect):
        missing = [name for name in wanted if name not in found]
        if missing:
            found |= source(missing)
    return Credentials(found)


def env_file() -> Path:
    """The file of secrets: BRANDTRUST_ENV_FILE, or `.env` in the working folder."""
    return Path(os.environ.get(ENV_FILE) or ".env")


def block_name(variable: str) -> str:
    """The name of Prefect's secret block for an environment variable: X_BEARER_TOKEN is x-bearer-token."""
    return variable.lower().replace("_", "-")


def _from_file(names: list[str]) -> dict[str, str]:
    path = env_file()
    if not path.is_file():
        if os.environ.get(ENV_FILE):
            raise UsageError(f"{path}: there is no such file; mend {ENV_FILE}")
        return {}
    if os.name == "posix" and stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise UsageError(f"{path}: holds secrets and can be read by others; run: chmod 600 {path}")
    from dotenv.parser import parse_stream

    try:
        with path.open(encoding="utf-8") as lines:
            bindings = list(parse_stream(lines))
    except (OSError, UnicodeDecodeError) as problem:
        raise UsageError(f"{path}: cannot be read ({type(problem).__name__}); write lines such as NAME=value") from None
    for binding in bindings:
        if binding.error:  # the line itself is not shown: it may hold a secret
            text = binding.original.string
            empty_before = text[: len(text) - len(text.lstrip())].count("\n")
            raise UsageError(f"{path}:{binding.original.line + empty_before}: is no line such as NAME=value; mend it")
    values = {binding.key: binding.value for binding in bindings}
    return {name: value for name in names if (value := values.get(name))}


def _from_prefect(names: list[str]) -> dict[str, str]:
    """Secret blocks of a Prefect server, where one is configured: a server of its own for this would be wasted."""
    if not os.environ.get("PREFECT_API_URL"):
        return {}
    from prefect.blocks.system import Secret

    found: dict[str, str] = {}
    for name in names:
        try:
            block = Secret.load(block_name(name), _sync=True)  # type: ignore[call-arg]
        except ValueError:  # there is no such block
            continue
        except Exception:  # a server that does not answer holds no secret; the error line says which one is missing
            break
        found[name] = str(block.get())  # type: ignore[union-attr]
    return found
