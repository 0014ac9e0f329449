"""`brandtrust backup` and `restore`, as a person meets them."""

from __future__ import annotations

from pathlib import Path

from tests.flows.conftest import BrandTrust


def test_a_store_is_backed_up_and_restored(acme: Path, workplace: Path, brandtrust: BrandTrust) -> None:
    """One command each; it is said where the key is, what was erased again, and nothing is overwritten unasked."""
    brandtrust("collect", acme)
    made = brandtrust("backup", "saved.tar")
    assert made.exit_code == 0
    assert made.stdout.splitlines()[1].startswith("The author key is not in it; keep a copy of brandtrust.key")
    assert brandtrust("forget", "user3", "--yes").exit_code == 0
    refused = brandtrust("restore", "saved.tar")
    assert refused.exit_code == 2
    assert refused.stderr.splitlines() == [
        "brandtrust: brandtrust.duckdb: is there already and is left as it is; --replace puts the backup there"
    ]
    done = brandtrust("restore", "saved.tar", "--replace")
    assert done.exit_code == 0
    assert "40 posts or records of the backup were erased again" in done.stdout
    assert brandtrust("collect", acme).exit_code == 0
    told = brandtrust("sql", "SELECT count(*) AS posts FROM brand_posts")
    assert "320" in told.stdout


def test_a_store_that_is_gone_is_restored_without_its_key(acme: Path, workplace: Path, brandtrust: BrandTrust) -> None:
    """It can be read, and lines say where the key belongs and what may have been erased since."""
    brandtrust("collect", acme)
    brandtrust("backup", "saved.tar")
    done = brandtrust("restore", "saved.tar", "--store", "elsewhere/b.duckdb")
    assert done.exit_code == 0
    assert "forget again who has asked since" in done.stderr
    assert "elsewhere/b.key: put the author key there before the next run" in done.stderr
    assert brandtrust("sql", "SELECT 1 AS one", "--store", "elsewhere/b.duckdb").exit_code == 0


def test_without_a_store_there_is_nothing_to_back_up(workplace: Path, brandtrust: BrandTrust) -> None:
    """No empty store is made for it."""
    result = brandtrust("backup")
    assert result.exit_code == 2
    assert "there is no store yet" in result.stderr
    assert list(workplace.iterdir()) == []
