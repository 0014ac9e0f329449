"""What a report carries comes back as it went in, and nothing else passes for it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from analytics.report import Report
from analytics.report.attachment import AttachmentError, NewerAttachment, read_attachment, write_attachment


def test_every_digit_comes_back(full_report: Report) -> None:
    """Values, ends and n to the last bit, infinite ones too; the same report gives the same bytes."""
    first = replace(full_report.figures[0], value=0.1 + 0.2, low=float("-inf"), high=1e300, n=2**53 + 1)
    report = replace(full_report, figures=(first, *full_report.figures[1:]))
    content = write_attachment(report, "a4")
    assert write_attachment(report, "a4") == content
    attached = read_attachment(content)
    names = ("figure_id", "value", "low", "high", "n", "sql_hash", "measure", "brand", "week", "scope")
    assert {tuple(getattr(each, name) for name in names) for each in attached.figures} == {
        tuple(getattr(each, name) for name in names) for each in report.figures
    }
    assert (attached.report_id, attached.brand, attached.week) == (report.report_id, "zoom", report.week)


def set_key(name: str, value: object) -> Callable[[dict[str, Any]], None]:
    return lambda attached: attached.update({name: value})


@pytest.mark.parametrize(
    ("change", "problem", "told"),
    [
        (set_key("format", 2), NewerAttachment, "newer release"),
        (set_key("format", "1"), AttachmentError, r"\(format\)"),
        (set_key("store_id", 7), AttachmentError, r"\(store_id\)"),
        (set_key("figures", None), AttachmentError, r"\(figures\)"),
        (set_key("week", "soon"), AttachmentError, r"\(week\)"),
        (set_key("more", 1), AttachmentError, r"\(more\)"),
        (lambda attached: attached["figures"][0].update(value="24.3"), AttachmentError, r"\(figures.0.value\)"),
        (lambda attached: attached.clear(), AttachmentError, "not as a report has it"),
    ],
)
def test_what_is_not_as_reports_have_it_is_refused(
    full_report: Report, change: Callable[[dict[str, Any]], None], problem: type[Exception], told: str
) -> None:
    """In one line that says where."""
    attached = json.loads(write_attachment(full_report, "a4"))
    change(attached)
    with pytest.raises(problem, match=told):
        read_attachment(json.dumps(attached).encode())


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b"[" * 100_000, b"[]", b"null"])
def test_what_is_no_attachment_is_refused(content: bytes) -> None:
    """Whatever bytes stand there."""
    with pytest.raises(AttachmentError):
        read_attachment(content)
