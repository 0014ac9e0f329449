"""`brandtrust report` by itself, on what earlier stages left in the store."""

from __future__ import annotations

from pathlib import Path

from pypdf import PdfReader

from analytics.store import Store
from brands.brand_file import load
from flows import stages
from tests.flows.conftest import BrandTrust


def test_a_new_name_in_the_brand_file_stands_in_the_report(acme: Path, brandtrust: BrandTrust) -> None:
    """Of brand, peer and event, without another run before; the brand stays the one that the posts belong to."""
    stages.collect(load(acme), Store())
    stages.analyse(load(acme), Store())
    text = acme.read_text("utf-8").replace('name = "Acme"', 'name = "Acmetta"\nslug = "acme"')
    acme.write_text(text.replace("Terms allow training", "Terms let it learn"), "utf-8")
    told = brandtrust("report", acme)
    assert told.exit_code == 0, told.stderr
    [pdf] = Path("reports").glob("*.pdf")
    assert pdf.name.startswith("acme-")
    said = " ".join(page.extract_text() for page in PdfReader(pdf).pages)
    assert "Acmetta: weekly" in str(PdfReader(pdf).metadata)
    assert "Terms let it learn" in said
    assert "Acme:" not in said
