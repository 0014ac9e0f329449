"""A local mail server that speaks as much of SMTP (RFC 5321) as a client needs to hand in a message.

EHLO and HELO, AUTH PLAIN (any password but those in `refused`), MAIL, RCPT, DATA with dot-stuffing undone, RSET, NOOP,
QUIT; 503 for what comes out of order. A test reads what was handed in from `received`, and puts codes into `answers`
with which the next messages meet the end of DATA: 451 is "later", 554 "never".
"""

from __future__ import annotations

import base64
import socketserver
import threading
from collections import deque
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from types import TracebackType


@dataclass(frozen=True)
class Mail:
    """One message as it was handed in: the envelope, and what lay in it."""

    sender: str
    recipients: tuple[str, ...]
    content: bytes

    @property
    def message(self) -> EmailMessage:
        """The content, read."""
        return message_from_bytes(self.content, policy=policy.default)  # type: ignore[return-value]


class SmtpServer:
    """`with SmtpServer() as server:` — `server.target("press@example.org")` is an address as apprise writes it."""

    def __init__(self) -> None:
        self.received: list[Mail] = []
        self.answers: deque[int] = deque()
        self.refused: set[str] = set()
        server = self

        class Session(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                server._serve(self)

        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Session)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    def target(self, *people: str, password: str = "pa55word") -> str:
        """An address for apprise: plain SMTP to this server."""
        to = ",".join(people)
        return f"mailto://robot:{password}@127.0.0.1:{self.port}/?smtp=127.0.0.1&from=robot@example.org&to={to}&mode=insecure"

    def __enter__(self) -> SmtpServer:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _serve(self, session: socketserver.StreamRequestHandler) -> None:
        sender, recipients = "", list[str]()

        def say(line: str) -> None:
            session.wfile.write(f"{line}\r\n".encode())

        say("220 localhost ready")
        while line := session.rfile.readline():
            verb, _, rest = line.decode("ascii", "replace").strip().partition(" ")
            match verb.upper():
                case "EHLO":
                    say("250-localhost\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250 AUTH PLAIN")
                case "HELO" | "NOOP":
                    say("250 localhost")
                case "AUTH":
                    password = base64.b64decode(rest.partition(" ")[2]).split(b"\0")[-1].decode()
                    say("535 no" if password in self.refused else "235 welcome")
                case "MAIL":
                    sender, recipients = _address(rest), []
                    say("250 sender is well")
                case "RCPT" if sender:
                    recipients.append(_address(rest))
                    say("250 recipient is well")
                case "DATA" if recipients:
                    say("354 go on, end with a dot")
                    content = self._read_content(session)
                    code = self.answers.popleft() if self.answers else 250
                    if code == 250:
                        self.received.append(Mail(sender, tuple(recipients), content))
                    say(f"{code} {'taken' if code == 250 else 'not taken'}")
                case "RCPT" | "DATA":
                    say("503 out of order")
                case "RSET":
                    sender, recipients = "", []
                    say("250 forgotten")
                case "QUIT":
                    say("221 goodbye")
                    return
                case _:
                    say("502 not known here")

    @staticmethod
    def _read_content(session: socketserver.StreamRequestHandler) -> bytes:
        lines = []
        while (line := session.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line.removeprefix(b".") if line.startswith(b".") else line)
        return b"".join(lines)


def _address(rest: str) -> str:
    return rest.partition("<")[2].partition(">")[0]
