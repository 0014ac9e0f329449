"""Delivery: each report once to each target, masked, inert, and honest about what it does not know."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from analytics.store import Store
from brands.brand_file import load
from flows import delivery, delivery_targets, report_delivery, stages
from flows.delivery_targets import Message, Target, find_targets, inert
from tests.flows.acme import write_acme
from tests.flows.conftest import BrandTrust
from tests.servers.smtp import SmtpServer
from tests.servers.webhook import Fault, WebhookServer

SECRET = "T0psecretT0ken"
TARGETS = '\n[delivery]\ntargets = ["press", "chat"]\n'
HOSTILE = (
    "<!channel> <@U123> @everyone [click](http://evil.example) <b>bold</b> `code` *star* &amp; ~x~ #general\r\n"
    "Bcc: other@example.org\u202e www.evil.example"
)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a store whose newest report is written; tests work on copies."""
    folder = tmp_path_factory.mktemp("written")
    stages.weekly(load(write_acme(folder)), Store(folder / "brandtrust.duckdb"))
    return folder


@pytest.fixture
def place(written: Path, workplace: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of it to work in, with two targets in the brand file; nobody waits between attempts."""
    import shutil

    shutil.copytree(written, workplace, dirs_exist_ok=True)
    path = workplace / "acme.toml"
    path.write_text(path.read_text("utf-8") + TARGETS, "utf-8")
    monkeypatch.setattr(time, "sleep", lambda _: None)
    return path.relative_to(workplace)


@pytest.fixture
def mail(monkeypatch: pytest.MonkeyPatch) -> Iterator[SmtpServer]:
    with SmtpServer() as server:
        monkeypatch.setenv(
            "BRANDTRUST_DELIVER_PRESS", server.target("anna@example.org", "bo@example.org", password=SECRET)
        )
        yield server


@pytest.fixture
def chat(monkeypatch: pytest.MonkeyPatch) -> Iterator[WebhookServer]:
    with WebhookServer() as server:
        monkeypatch.setenv("BRANDTRUST_DELIVER_CHAT", server.target(SECRET))
        yield server


def ledger() -> dict[str, tuple[str, int]]:
    with Store().writer() as connection:
        rows = connection.execute("SELECT target, state, attempts FROM deliveries").fetchall()
    return {target: (state, attempts) for target, state, attempts in rows}


def test_a_report_goes_once_to_each_target(
    place: Path, brandtrust: BrandTrust, mail: SmtpServer, chat: WebhookServer
) -> None:
    """Mail with the PDF, a webhook with headline and numbers; a second time nothing goes, and no secret is shown."""
    told = brandtrust("deliver", place)
    assert told.exit_code == 0, told.stderr
    [pdf] = Path("reports").glob("*.pdf")
    sent = mail.received[0].message
    [attached] = sent.iter_attachments()
    assert attached.get_content() == pdf.read_bytes()
    assert attached.get_filename() == pdf.name
    [html] = [part.get_content() for part in sent.walk() if part.get_content_type() == "text/html"]
    assert "<p>Net trust expression: " in html
    assert sent["Subject"] == chat.received[0]["title"]
    assert sent["Subject"].startswith("brandtrust: Acme, week of ")
    assert "Net trust expression" in chat.received[0]["message"]
    assert chat.received[0]["attachments"] == []
    taken = len(mail.received), len(chat.received)
    again = brandtrust("deliver", place)
    assert again.exit_code == 0
    assert (len(mail.received), len(chat.received)) == taken
    assert again.stdout.count("sent before, not again") == 2
    everything = told.output + told.stderr + again.output + again.stderr
    assert SECRET not in everything
    assert "anna@" not in everything
    assert "a…@example.org" in everything


def test_the_headline_is_that_of_the_report(place: Path) -> None:
    """A message says what page one says, word for word but for what a chat would act upon."""
    outcome = stages.report(load(place), Store())
    assert report_delivery.prepare_report(load(place), Store()).message.lines[0] == inert(outcome.answer)


def test_a_dry_run_shows_what_would_be_sent_and_sends_nothing(
    place: Path, brandtrust: BrandTrust, mail: SmtpServer, chat: WebhookServer
) -> None:
    """The same lines that a real one sends, to whom (masked), and nothing in the ledger."""
    told = brandtrust("deliver", place, "--dry-run")
    assert told.exit_code == 0, told.stderr
    assert not mail.received
    assert not chat.received
    assert not ledger()
    assert SECRET not in told.output
    assert "press (mail to a…@example.org, b…@example.org): would be sent, with acme-" in told.stdout
    assert brandtrust("deliver", place).exit_code == 0
    assert all(line in told.stdout for line in chat.received[0]["message"].splitlines())


def test_a_target_that_fails_stops_no_other(
    place: Path, brandtrust: BrandTrust, mail: SmtpServer, chat: WebhookServer, caplog: pytest.LogCaptureFixture
) -> None:
    """Three attempts, one line that names the target, exit code 1; the next run sends to that one only."""
    caplog.set_level("DEBUG")
    chat.faults.extend([Fault(status=503)] * 3)
    told = brandtrust("deliver", place)
    assert told.exit_code == 1
    assert told.stderr.splitlines()[-1].startswith("brandtrust: delivery to chat: ")
    assert "answered with status 503" in told.stderr
    assert SECRET not in told.stderr
    assert SECRET not in "".join(record.getMessage() for record in caplog.records)
    assert ledger() == {"press": ("sent", 1), "chat": ("failed", 3)}
    mails = len(mail.received)
    assert brandtrust("deliver", place).exit_code == 0
    assert len(mail.received) == mails
    assert len(chat.received) == 1
    assert ledger()["chat"] == ("sent", 4)


def test_one_refusal_is_tried_again(place: Path, brandtrust: BrandTrust, mail: SmtpServer, chat: WebhookServer) -> None:
    """A server that says 503 once gets it at the second attempt."""
    chat.faults.append(Fault(status=503))
    assert brandtrust("deliver", place).exit_code == 0
    assert ledger()["chat"] == ("sent", 2)


def test_a_run_that_died_while_sending_is_told_and_not_repeated(
    place: Path, brandtrust: BrandTrust, mail: SmtpServer, chat: WebhookServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed after the message left and before that was written down: it says so, and sends again only when told to."""

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(delivery, "record", killed)
        assert brandtrust("deliver", place).exit_code == 130
    mails = len(mail.received)
    assert mails
    told = brandtrust("deliver", place)
    assert told.exit_code == 1
    assert "it may have been sent" in told.stderr
    assert "The report is sent all the same by: brandtrust deliver BRAND.toml --again" in told.stderr
    assert len(mail.received) == mails
    assert brandtrust("deliver", place, "--again").exit_code == 0
    assert len(mail.received) == 2 * mails


def test_a_weekly_run_delivers_at_its_end(
    place: Path, mail: SmtpServer, chat: WebhookServer, brandtrust: BrandTrust
) -> None:
    """With the report it wrote; one that fails is a failure of the run, and the report stands."""
    chat.faults.extend([Fault(status=403)] * 3)
    outcome = stages.weekly(load(place), Store())
    assert outcome.pdf is not None
    assert [each.source for each in outcome.failures] == ["delivery to chat"]
    assert "403" in outcome.run.problem
    assert mail.received


def test_secrets_that_others_can_read_stop_no_report(place: Path) -> None:
    """The weekly run ends with its report written and the fault named."""
    Path(".env").write_text(f"BRANDTRUST_DELIVER_PRESS={SECRET}\n", "utf-8")
    Path(".env").chmod(0o644)
    outcome = stages.weekly(load(place), Store())
    assert outcome.pdf is not None
    [failed] = outcome.failures
    assert "chmod 600" in failed.failure
    assert SECRET not in failed.failure


@pytest.mark.parametrize(
    ("address", "said"), [("", "is not set"), (f"nonsense://{SECRET}", "holds no address that can be used")]
)
def test_an_address_that_cannot_be_used_is_told_without_showing_it(
    place: Path, brandtrust: BrandTrust, chat: WebhookServer, monkeypatch: pytest.MonkeyPatch, address: str, said: str
) -> None:
    """By deliver and by doctor, in one line that names the variable; the other target is served."""
    if address:
        monkeypatch.setenv("BRANDTRUST_DELIVER_PRESS", address)
    told, examined = brandtrust("deliver", place), brandtrust("doctor", place)
    assert told.exit_code == 1
    assert len(chat.received) == 1
    for text in (told.stderr, examined.stdout):
        assert "BRANDTRUST_DELIVER_PRESS" in text
        assert said in text
        assert SECRET not in text
    assert "ok       target chat: JSON at 127.0.0.1: ready, not asked" in examined.stdout


def test_what_was_sent_before_to_an_address_that_is_gone_has_no_empty_brackets(
    place: Path, brandtrust: BrandTrust, mail: SmtpServer, chat: WebhookServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The target is named alone: there is no address to be masked."""
    assert brandtrust("deliver", place).exit_code == 0
    monkeypatch.setenv("BRANDTRUST_DELIVER_PRESS", f"nonsense://{SECRET}")
    told = brandtrust("deliver", place)
    assert told.exit_code == 0, told.stderr
    assert "press: sent before, not again: " in told.stdout
    assert "()" not in told.stdout


def test_a_dry_run_ends_with_2_where_an_address_is_missing(
    place: Path, brandtrust: BrandTrust, chat: WebhookServer
) -> None:
    """Whoever tries a delivery beforehand learns by the exit code that it would fail, and which variable to set."""
    told = brandtrust("deliver", place, "--dry-run")
    assert told.exit_code == 2
    line = told.stderr.splitlines()[-1]
    assert line.startswith("brandtrust: acme.toml: target press: BRANDTRUST_DELIVER_PRESS is not set")
    assert "Nothing was sent." in told.stdout
    assert not chat.log


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_to_another_host_gets_nothing(
    place: Path, brandtrust: BrandTrust, mail: SmtpServer, chat: WebhookServer, status: int
) -> None:
    """What was meant for one host is not handed on; the line says that it was a redirect, and names the variable."""
    with WebhookServer() as elsewhere:
        chat.faults.extend([Fault(status=status, headers={"Location": f"{elsewhere.address}/hook"})] * 3)
        told = brandtrust("deliver", place)
        assert not elsewhere.log
    assert told.exit_code == 1
    assert f"answered with status {status}, a redirect, which is not followed" in told.stderr
    assert "BRANDTRUST_DELIVER_CHAT" in told.stderr
    assert ledger()["chat"] == ("failed", 3)


def test_a_changed_or_absent_report_is_not_sent(place: Path, brandtrust: BrandTrust, chat: WebhookServer) -> None:
    """What lies at the path must be what was written; without a report there is nothing to send."""
    [pdf] = Path("reports").glob("*.pdf")
    pdf.write_bytes(b"%PDF- something else")
    told = brandtrust("deliver", place)
    assert told.exit_code == 2
    assert "is not the file that was written" in told.stderr
    unwritten = brandtrust("deliver", place, "--week", "2019-01-01")
    assert unwritten.exit_code == 2
    assert "run: brandtrust report BRAND.toml --week 2018-12-31" in " ".join(unwritten.output.split())
    assert not chat.received


def test_hostile_words_do_not_act(mail: SmtpServer, chat: WebhookServer, workplace: Path) -> None:
    """No mention, link, markup, header or formula leaves: not by title, not by a line, not in HTML."""
    (workplace / "acme.toml").write_text('name = "Acme"\nquery = "acme"\n' + TARGETS, "utf-8")
    message = Message(inert(HOSTILE), (inert(HOSTILE), inert("=HYPERLINK(1)")))
    for target in find_targets(load("acme.toml")):
        assert delivery_targets.send(target, message, lambda _: None).failure == ""
    mailed = mail.received[0]
    assert mailed.message["Bcc"] is None
    assert {each for one in mail.received for each in one.recipients} == {"anna@example.org", "bo@example.org"}
    html = "".join(part.get_content() for part in mailed.message.walk() if part.get_content_type() == "text/html")
    posted = json.dumps(chat.received[0], ensure_ascii=False)
    for text in (html.partition("<body")[2] or html, posted):
        assert "<!channel>" not in text
        assert "<b>" not in text
        assert "http://evil" not in text
        assert "www.evil" not in text
        assert "@everyone" not in text
    assert "'=HYPERLINK" in chat.received[0]["message"]
    assert "\n" not in chat.received[0]["title"]


def test_a_brand_name_cannot_write_a_header(
    place: Path, brandtrust: BrandTrust, mail: SmtpServer, chat: WebhookServer
) -> None:
    """One with line breaks is refused; without them the mail goes to whom it was meant for: one subject and body."""
    text = place.read_text("utf-8")
    broken = 'name = "Acme\\r\\nBcc: other@example.org"\nslug = "acme"'
    place.write_text(text.replace('name = "Acme"', broken), "utf-8")
    refused = brandtrust("deliver", place)
    assert (refused.exit_code, mail.received) == (2, [])
    assert "name holds a character that nobody sees (U+000D)" in refused.stderr
    evil = 'name = "Acme Bcc: other@example.org Subject: mine <b>body</b>"\nslug = "acme"'
    place.write_text(text.replace('name = "Acme"', evil), "utf-8")
    assert brandtrust("report", place).exit_code == 0
    told = brandtrust("deliver", place)
    assert told.exit_code == 0, told.stderr
    assert {each for one in mail.received for each in one.recipients} == {"anna@example.org", "bo@example.org"}
    for one in mail.received:
        head, _, _ = one.content.partition(b"\r\n\r\n")
        assert not [line for line in head.split(b"\r\n") if line.lower().startswith(b"bcc:")]
        assert one.message["Bcc"] is None
        [subject] = one.message.get_all("Subject")
        assert subject.startswith("brandtrust: Acme Bcc: other＠example.org Subject: mine ‹b›body")
    assert "\n" not in chat.received[0]["title"]


def test_slack_gets_no_mention(monkeypatch: pytest.MonkeyPatch) -> None:
    """The library itself turns <!channel> into a mention; what we hand it has none, and its address is masked whole."""
    import requests
    from apprise import Apprise

    plugin = Apprise.instantiate("slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/#general")
    bodies = []

    def post(address: str, data: bytes | str, **_: object) -> requests.Response:
        bodies.append(str(data))
        answer = requests.Response()
        answer.status_code, answer._content = 200, b"ok"
        return answer

    monkeypatch.setattr(requests, "post", post)
    monkeypatch.setattr(requests, "request", lambda method, address, **more: post(address, **more))
    shown = delivery_targets._mask(plugin)  # type: ignore[arg-type]
    assert shown == "Slack"
    target = Target("chat", shown, plugin=plugin)  # type: ignore[arg-type]
    assert delivery_targets.send(target, Message(inert(HOSTILE), (inert(HOSTILE),)), lambda _: None).failure == ""
    assert bodies
    assert not any(act in body for body in bodies for act in ("<!channel", "<@", "|", "http://evil"))


def test_what_was_not_answered_in_time_is_sent_once(
    place: Path, brandtrust: BrandTrust, mail: SmtpServer, chat: WebhookServer
) -> None:
    """It may have arrived: it is told so, and neither this run nor the next sends it again."""
    chat.faults.extend([Fault("reset")] * 9)
    told = brandtrust("deliver", place)
    assert told.exit_code == 1
    assert "may have been sent" in told.stderr
    assert len(chat.log) == 1
    chat.faults.clear()
    again = brandtrust("deliver", place)
    assert len(chat.log) == 1
    assert "may have been sent" in again.stderr + again.stdout
    assert SECRET not in told.stdout + told.stderr + again.stdout + again.stderr


def test_the_page_for_a_browser_is_never_sent(place: Path, brandtrust: BrandTrust, mail: SmtpServer) -> None:
    """It holds hundreds of posts; however much later it was written, the PDF goes."""
    with Store().writer() as connection:
        connection.execute(
            "UPDATE reports SET written_at = written_at + INTERVAL 1 HOUR WHERE ends_with(path, '.html')"
        )
        assert connection.execute("SELECT count(*) FROM reports WHERE ends_with(path, '.html')").fetchone() == (1,)
    told = brandtrust("deliver", place, "--dry-run")
    assert ".pdf" in told.stdout
    assert ".html" not in told.stdout
