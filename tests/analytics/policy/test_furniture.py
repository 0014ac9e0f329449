"""Menus, banners and footers are told from clauses by what they are made of and where they stand."""

from __future__ import annotations

import pytest

from analytics.policy import find_changes
from analytics.policy.furniture import split_furniture
from tests.analytics.policy.texts import TERMS, change_between, versions

MENU = """[Home](https://acme.example/)[Prices](https://acme.example/prices)

By trade
--------

* [Bakers](https://acme.example/bakers)
* [Joiners](https://acme.example/joiners)
"""
ROW = "\n\n".join(["Products", "Prices", "Customers", "Careers", "Press", "Support"])
BANNER = "We use cookies and similar tools to measure how our pages are read.\n\n[Accept all](#)\n\nCookie settings"
FOOTER = """## Company

[About us](https://acme.example/about) | [Jobs](https://acme.example/jobs)

© 2024 Acme Ltd, all rights reserved
"""
AROUND = {
    "a menu": f"{MENU}\n{TERMS}",
    "a menu and a footer": f"{MENU}\n{TERMS}\n\n{FOOTER}",
    "labels in a row": f"{ROW}\n\n{TERMS}",
    "a banner with its buttons": f"{BANNER}\n\n{TERMS}",
    "a banner at the end": f"{TERMS}\n\n{BANNER}",
    "a way back to the top": TERMS.replace("**2\\. DATA**", "[Back to top](#top)\n\n**2\\. DATA**"),
    "an image that is a link": f"[![](https://acme.example/logo.png)](https://acme.example/)\n\n{TERMS}",
}


@pytest.mark.parametrize("text", AROUND.values(), ids=AROUND)
def test_what_stands_around_the_terms_is_noise(text: str) -> None:
    """Whether it comes, goes or is another one."""
    for change in (change_between(TERMS, text), change_between(text, TERMS), change_between(text, f"{MENU}\n{TERMS}")):
        assert change.noise
        assert change.added == change.removed == ()
    assert change_between(TERMS, text).noise == "page furniture"


NAMES = ("Acme/Terms of Service", "Acme/Privacy")
CLAUSES = {
    "short and without a full stop": "We sell your data",
    "a few words": "No warranty for anything",
    "a link that is a sentence": "[We share data with our partners.](https://acme.example/partners)",
    "a link with words beside it": "See [our list of partners](https://acme.example/partners) as well",
    "an address": "[privacy@acme.example](mailto:privacy@acme.example)",
    "a date": "Effective March 2025",
    "prose on cookies": "We use cookies to follow you across other pages.",
    "a number": "9. Arbitration",
}


@pytest.mark.parametrize("clause", CLAUSES.values(), ids=CLAUSES)
def test_a_clause_is_no_furniture_wherever_it_stands(clause: str) -> None:
    """Before a menu, behind one, and at the end."""
    for text in (f"{clause}\n\n{TERMS}", f"{MENU}\n\n{clause}\n\n{TERMS}", f"{TERMS}\n\n{clause}"):
        assert clause in split_furniture(text)[0]


def test_a_list_of_links_between_clauses_stays() -> None:
    """It may be what the terms take up by reference."""
    listed = TERMS.replace("**2\\. DATA**", "[AI Terms](https://acme.example/ai)\n\n**2\\. DATA**")
    assert change_between(TERMS, listed).added == ("AI Terms",)


def test_the_title_and_the_date_stay_where_a_menu_stands_above_them() -> None:
    """A label that leads to prose is a heading."""
    kept, dropped = split_furniture(f"{MENU}\n{TERMS}")
    assert kept.strip() == TERMS.strip()
    assert "By trade" in dropped


def test_a_text_of_nothing_but_links_is_a_text() -> None:
    """Else its changes would be none."""
    kept, dropped = split_furniture(MENU)
    assert (kept.strip(), dropped) == (MENU.strip(), "")


def test_a_capture_that_loses_spaces_or_the_title_is_noise() -> None:
    """Two elements of a page run together; the heading is the document's name."""
    assert change_between("EXHIBIT A\n\nARBITRATION. We agree.", "EXHIBIT AARBITRATION. We agree.").noise == "spacing"
    named = [find_changes(versions(TERMS, TERMS.partition("\n\n")[2], document=name))[0] for name in NAMES]
    assert [change.noise for change in named] == ["title only", ""]
