from __future__ import annotations

import re
from pathlib import Path

import pytest

from analytics.store import Store
from analytics.store.catalogue import schema_page, views

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text("utf-8")


def test_the_schema_page_is_what_the_views_say() -> None:
    """docs/schema.md is written by `make docs`; a changed view must be followed by the page."""
    assert (ROOT / "docs/schema.md").read_text("utf-8") == schema_page()


@pytest.mark.parametrize("name", list(views()))
def test_every_view_keeps_its_declared_key_on_the_demo(demo_store: Store, name: str) -> None:
    """What the schema page calls unique is unique, and never NULL."""
    key = ", ".join(views()[name].key)
    with demo_store.reader() as connection:
        whole = key.replace(", ", " IS NOT NULL AND ") + " IS NOT NULL"
        rows, distinct, named = connection.execute(
            f"SELECT count(*), count(DISTINCT ({key})), count(*) FILTER ({whole}) FROM {name}"
        ).fetchall()[0]
    assert rows == distinct == named
    # Nothing is deleted, asked of a platform or a page, counted beside the posts, frozen or watched in the demo.
    may_be_empty = {"published_against_now", "stories_daily", "signals_daily", "source_requests", "spend_monthly"}
    may_be_empty |= {"policy_fetches", "notice_proposals", "plans", "incidents"}
    assert rows or name in may_be_empty


@pytest.mark.parametrize("path", sorted(set(re.findall(r"\]\(([^)#:]+)\)", README))))
def test_every_link_of_the_readme_leads_somewhere(path: str) -> None:
    """A file that the README points to is there."""
    assert (ROOT / path).exists()


def test_the_readme_names_only_commands_that_exist() -> None:
    """Every `brandtrust …` in the README is a command of the program."""
    from typer.main import get_command

    from flows.command_line import app

    named = set(re.findall(r"(?:\$ |`)brandtrust ([a-z]+)\b", README))
    assert named <= set(get_command(app).commands)  # type: ignore[attr-defined]


def test_statements_read_as_many_characters_as_python_does() -> None:
    """What SQL matches and scores of a long text is what the scorers and the queries read of it."""
    from analytics.store.catalogue import statement
    from brands.folding import READ_CHARACTERS

    names = ("match_arriving_posts", "match_posts_to_claim", "read_posts_between", "find_posts_to_read_for_reception")
    for name in names:
        assert f", {READ_CHARACTERS}) AS searched" in statement(name), name
