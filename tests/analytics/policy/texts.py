"""Invented terms that the tests of policy changes share."""

from __future__ import annotations

from datetime import datetime, timedelta

from analytics.policy import PolicyChange, Version, find_changes

TERMS = """Acme Terms of Service
=====================

Effective Date: March 31, 2023

These terms are between you and Acme Ltd (“**Acme**,” “we” or “us”). Read [our guide](https://acme.example/guide).

**1\\. USE**

**1.1 Your account**. You choose a name and a password. Tell us when somebody else has used your account.

**1.2 Your content**. Your photos remain yours. We show them to those whom you choose, see Section 2.1.

**2\\. DATA**

**2.1 Sharing**. We do not sell your personal data. We may share your data with:

* service providers;
* our affiliates; and
* the authorities, where the law asks for it.

**2.2 Keeping**. We keep your data for one year. You may delete your photos at any time.
"""
FIRST = datetime(2023, 3, 1)


def versions(*texts: str, apart: timedelta = timedelta(days=40), document: str = "Acme/Terms") -> list[Version]:
    """One version a text, so far apart."""
    return [Version(FIRST + number * apart, text, document) for number, text in enumerate(texts)]


def change_between(before: str, after: str) -> PolicyChange:
    """The one change between two texts."""
    (change,) = find_changes(versions(before, after))
    return change
