"""The URL of a lake: ducklake:postgresql://USER@HOST:PORT/DATABASE?data=FOLDER, as libpq has it, and the shared folder.

A password belongs into PGPASSWORD or ~/.pgpass. One that stands in the URL is used, and kept apart from it at once:
what is shown, recorded or passed on has none.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

from analytics.store.errors import StoreUnusable

LAKE = "ducklake:"
FORM = "ducklake:postgresql://USER@HOST/DATABASE?data=FOLDER"
PATIENCE = "10"  # seconds for a server that does not answer at all
_passwords: dict[str, str] = {}  # by the URL without it: whoever opens a store again by that needs it again


@dataclass(frozen=True, slots=True)
class LakeUrl:
    """`url`: without the password. `server`: what libpq is told, without it too. `data`: the shared folder."""

    url: str
    server: str
    where: str
    data: Path
    password: str | None = field(repr=False)


def parse_lake_url(named: str) -> LakeUrl:
    """Raises StoreUnusable for what is no URL of a lake, and never tells a password."""
    try:
        split = urlsplit(named.partition(":")[2])
        host, port = split.hostname, split.port
    except ValueError:
        raise StoreUnusable(f"--store: cannot be read as {FORM}") from None
    options = dict(parse_qsl(split.query))
    data, in_options = options.pop("data", ""), options.pop("password", None)
    password = in_options if split.password is None else unquote(split.password)
    userinfo, _, address = split.netloc.rpartition("@")
    user = userinfo.partition(":")[0]
    database = split.path.removeprefix("/")
    base = f"ducklake:{split.scheme}://{user + '@' if user else ''}{address}/{database}"
    if split.scheme not in ("postgresql", "postgres"):
        raise StoreUnusable(f"ducklake:{split.scheme}: unknown kind of catalogue; give {FORM}")
    if not data:
        raise StoreUnusable(f"{base}: names no folder for the files; give {FORM}")
    if not database:
        raise StoreUnusable(f"{base}: names no database; give {FORM}")
    folder = Path(data).expanduser().absolute()
    # The folder as it is reads better than with its slashes written %2F.
    url = f"{base}?data={quote(str(folder))}" + (f"&{urlencode(options)}" if options else "")
    told = {"host": host and unquote(host), "port": port, "user": unquote(user), "dbname": unquote(database)}
    words = {"connect_timeout": PATIENCE, **{key: str(value) for key, value in told.items() if value}, **options}
    if password is not None:
        _passwords[url] = password
    at = words.get("host", "this machine")
    where = f"{at}, port {words['port']}" if "port" in words else at
    return LakeUrl(url, _as_keywords(words), where, folder, _passwords.get(url))


def without_password(url: str) -> str:
    """The URL of a store by which this process opens it as well: a password is remembered and stands in it no more.

    Raises StoreUnusable for what is no URL of a lake, though it begins as one.
    """
    return parse_lake_url(url).url if url.startswith(LAKE) else url


def has_password(url: str) -> bool:
    """Whether this process was told a password with the store at `url`, which another one would have to be told."""
    return url in _passwords


def _as_keywords(words: dict[str, str]) -> str:
    escaped = {key: value.replace("\\", r"\\").replace("'", r"\'") for key, value in words.items()}
    return " ".join(f"{key}='{value}'" for key, value in escaped.items())
