"""Where reports and alerts go: targets by name, whose addresses are secrets, through apprise.

No address, and no word of what the library says of one, is ever shown: a failure is told by its kind alone.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from connectors.credentials import Credential
from flows.credentials import find_credentials

if TYPE_CHECKING:
    from apprise import NotifyBase

    from brands.brand_file import Brand

ATTEMPTS = 3
TELL_ADDRESSES = ("apprise", "urllib3", "requests")  # loggers
FIRST_WAIT, LONGEST_WAIT = 2.0, 30.0  # seconds before another attempt
ANSWERS_WITHIN = 30  # seconds; the library would wait four
# What it says where a message was on its way and no answer came: it may have arrived, so it is not sent again.
_UNANSWERED = re.compile(r"Read timed out|Connection aborted|RemoteDisconnected")
_MAIL_UNDER_WAY = re.compile(r'Sending email to ".*" failed')
_MAIL_UNANSWERED = re.compile(r"timed out|unexpectedly closed|reset by peer|not connected", re.IGNORECASE)

# What Slack, Markdown, HTML and mail programs act upon, and what looks the same and does nothing.
_ACTS = str.maketrans({
    "<": "‹", ">": "›", "&": "＆", "@": "＠", "`": "'", "*": "∗", "_": "＿", "[": "［", "]": "］", "|": "¦", "~": "∼",
    "#": "＃", "\\": "＼",
})  # fmt: skip
_OBEYED = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]+")
_ADDRESS = re.compile(r"(?i)\b(?:[a-z]+://|www\.)")
_FORMULA = re.compile(r"^[=+\-\t\r]")


@dataclass(frozen=True, slots=True)
class Message:
    """What is sent: a title and lines, all inert, and for mail a file."""

    title: str
    lines: tuple[str, ...]
    attachment: Path | None = None


@dataclass(frozen=True, slots=True)
class Target:
    """A target by its name. `shown`: what may be told of its address. `problem`: why nothing can be sent to it."""

    name: str
    shown: str = ""
    problem: str = ""
    plugin: NotifyBase | None = None

    @property
    def takes_files(self) -> bool:
        """Whether a PDF goes along: to mail only."""
        from apprise.plugins.email import NotifyEmail

        return isinstance(self.plugin, NotifyEmail)


def inert(text: str) -> str:
    """One line of text that no mail program, chat, browser or spreadsheet acts upon; words stay readable."""
    plain = " ".join(_OBEYED.sub(" ", text).split()).translate(_ACTS)
    plain = _ADDRESS.sub(lambda found: found[0].replace(":", "∶").replace(".", "․"), plain)
    return _FORMULA.sub(lambda found: "'" + found[0], plain)


def credential_of(target: str) -> Credential:
    """The environment variable that holds a target's address."""
    return Credential(
        f"BRANDTRUST_DELIVER_{target.upper()}",
        "the address of the target as apprise writes it, such as mailtos://user:password@mail.example.org; "
        "see docs/delivery.md",
    )


def find_targets(brand: Brand) -> list[Target]:
    """The targets that the brand file names, each with its address or why it has none. Raises UsageError."""
    if brand.file.delivery is None:
        return []
    needs = {name: credential_of(name) for name in brand.file.delivery.targets}
    held = find_credentials(needs.values())
    return [_open(name, need, held.get(need.name)) for name, need in needs.items()]


def _open(name: str, need: Credential, address: str | None) -> Target:
    if address is None:
        return Target(name, problem=f"{need.name} is not set; {need.how_to_get}")
    from apprise import Apprise, AppriseAsset
    from apprise.plugins.email import NotifyEmail

    asset = AppriseAsset(
        app_id="brandtrust",
        app_desc="brandtrust",
        async_mode=False,
        secure_logging=True,
        http_redirects=False,  # what is meant for one host must not be handed on to another
    )
    with _overheard():
        plugin = Apprise.instantiate(address, asset=asset)
    if plugin is None or isinstance(plugin, list):
        return Target(name, problem=f"{need.name} holds no address that can be used; write it anew: {need.how_to_get}")
    plugin.socket_read_timeout = max(plugin.socket_read_timeout, ANSWERS_WITHIN)
    if isinstance(plugin, NotifyEmail):  # it knows this one only
        plugin.socket_connect_timeout = max(plugin.socket_connect_timeout, ANSWERS_WITHIN)
    return Target(name, _mask(plugin), plugin=plugin)


def _mask(plugin: NotifyBase) -> str:
    """The kind of service and, where that is no secret, whom it reaches: of a chat's address every part may be one."""
    from apprise.plugins.email import NotifyEmail

    if isinstance(plugin, NotifyEmail):
        people = [*(str(each[1]) for each in plugin.targets), *sorted(plugin.cc), *sorted(plugin.bcc)]
        return "mail to " + ", ".join(
            f"{who[:1]}…@{where}" for who, _, where in (each.partition("@") for each in people)
        )
    service = str(plugin.service_name or "a service")
    own_server = type(plugin).__module__.startswith("apprise.plugins.custom_")
    return f"{service} at {plugin.host}" if own_server else service


@contextmanager
def _overheard() -> Iterator[list[str]]:
    """What the library says meanwhile. It may name the address, so it goes here and into no log."""

    class Listener(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            said.append(record.getMessage())

    said: list[str] = []
    listener = Listener(logging.DEBUG)
    loggers = [logging.getLogger(name) for name in TELL_ADDRESSES]
    before = [(each.level, each.propagate) for each in loggers]
    for each in loggers:
        each.addHandler(listener)
        each.setLevel(logging.DEBUG)
        each.propagate = False
    try:
        yield said
    finally:
        for each, (level, propagates) in zip(loggers, before, strict=True):
            each.removeHandler(listener)
            each.setLevel(level)
            each.propagate = propagates


@dataclass(frozen=True, slots=True)
class Sending:
    """How it ended: how often it was tried, and why it failed; an empty failure: it was taken.

    `unanswered`: it was on its way when no answer came, so it may have arrived.
    """

    attempts: int
    failure: str
    unanswered: bool = False


def send(target: Target, message: Message, sleep: Callable[[float], None]) -> Sending:
    """Send, and try again where it was not taken. A target without an address fails at once."""
    import tenacity

    if target.plugin is None:
        return Sending(0, target.problem)
    retrying = tenacity.Retrying(
        stop=tenacity.stop_after_attempt(ATTEMPTS),
        wait=tenacity.wait_exponential(multiplier=FIRST_WAIT, max=LONGEST_WAIT),
        retry=tenacity.retry_if_result(lambda ended: bool(ended.failure) and not ended.unanswered),
        retry_error_callback=lambda state: state.outcome.result() if state.outcome else None,
        sleep=sleep,
    )
    ended: Sending = retrying(_send_once, target, message)
    return replace(ended, attempts=int(retrying.statistics.get("attempt_number", 1)))


def _send_once(target: Target, message: Message) -> Sending:
    from apprise import Apprise, AppriseAttachment, NotifyFormat

    files: Sequence[Path] = [message.attachment] if message.attachment and target.takes_files else []
    attached = AppriseAttachment([each.resolve().as_uri() for each in files]) if files else None
    body, kind = "\n".join(message.lines), NotifyFormat.TEXT
    if target.takes_files:  # of text in a mail the library makes one line that no telephone can break
        body, kind = "".join(f"<p>{escape(line)}</p>" for line in message.lines), NotifyFormat.HTML
    courier = Apprise()
    if target.plugin is not None:
        courier.add(target.plugin)
    try:
        with _overheard() as said:
            taken = courier.notify(body=body, title=message.title, body_format=kind, attach=attached)
    except Exception as problem:  # whatever a service does, the other targets are served
        told = f"{target.shown}: could not be sent ({type(problem).__name__}); check its address and run again"
        return Sending(1, told)
    if taken:
        return Sending(1, "")
    heard = " ".join(said)
    mail_lost = _MAIL_UNDER_WAY.search(heard) and _MAIL_UNANSWERED.search(heard)
    if mail_lost or _UNANSWERED.search(heard):
        told = f"{target.shown}: did not answer in time; it may have been sent, and is not sent again: ask there"
        return Sending(1, told, unanswered=True)
    status = re.search(r"error=(\d{3})\b", heard)
    why = f"answered with status {status[1]}" if status else "could not be reached, or refused it"
    if status and status[1].startswith("3"):
        why += ", a redirect, which is not followed"
    return Sending(1, f"{target.shown}: {why}; check {credential_of(target.name).name} and run again")
