"""The local mail server is faithful where delivery depends on it."""

from __future__ import annotations

import smtplib
from email.message import EmailMessage

import pytest

from tests.servers.smtp import SmtpServer


def hand_in(server: SmtpServer, text: str, password: str = "right") -> None:
    message = EmailMessage()
    message["Subject"], message["From"], message["To"] = "Hello", "a@example.org", "b@example.org"
    message.set_content(text)
    with smtplib.SMTP("127.0.0.1", server.port, timeout=10) as client:
        client.login("robot", password)
        client.send_message(message)


def test_a_message_arrives_as_it_was_handed_in() -> None:
    """Envelope and text, with lines that begin with a dot."""
    with SmtpServer() as server:
        hand_in(server, "first\n.second\n..third\n")
    [mail] = server.received
    assert (mail.sender, mail.recipients) == ("a@example.org", ("b@example.org",))
    assert mail.message.get_content().split() == ["first", ".second", "..third"]


def test_what_is_refused_does_not_arrive() -> None:
    """A wrong password, and a message that the server does not take."""
    with SmtpServer() as server:
        server.refused.add("wrong")
        with pytest.raises(smtplib.SMTPAuthenticationError):
            hand_in(server, "hello", "wrong")
        server.answers.append(451)
        with pytest.raises(smtplib.SMTPDataError):
            hand_in(server, "hello")
        assert server.received == []
        hand_in(server, "hello")
    assert len(server.received) == 1


def test_a_message_without_recipient_is_out_of_order() -> None:
    """RFC 5321: DATA before RCPT is a bad sequence of commands."""
    with SmtpServer() as server, smtplib.SMTP("127.0.0.1", server.port, timeout=10) as client:
        client.ehlo()
        assert client.docmd("DATA")[0] == 503
        assert client.docmd("NONSENSE")[0] == 502
