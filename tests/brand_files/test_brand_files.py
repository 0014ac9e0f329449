"""The brand files of the real posts are valid and fit the archives that they name."""

from __future__ import annotations

import csv
import tomllib
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

from brands.brand_file import BrandFile, Source, slugify

FOLDER = Path(__file__).parent
NAMES = sorted(path.name for path in FOLDER.glob("*.toml"))
SHARED = Path("../../../shared/data")  # as seen from the brand files


def load(name: str) -> BrandFile:
    return BrandFile.model_validate(tomllib.loads((FOLDER / name).read_text(encoding="utf-8")))


def archive(source: Source, shared_data: Path) -> Path:
    assert source.path is not None
    return shared_data / source.path.relative_to(SHARED)


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("name", NAMES)
def test_a_brand_file_is_valid_and_whole(name: str) -> None:
    """It validates, names its slug as tables will, its peers' files exist, and its breaks stand on sources it has."""
    brand = load(name)
    assert brand.slug == slugify(brand.name)
    assert brand.sources
    for peer in brand.peers:
        assert peer.slug == slugify(peer.name)
        assert (peer.query is None) != (peer.file is None)
        if peer.file is not None:
            assert load(str(peer.file)).slug == peer.slug
    assert {break_.source for break_ in brand.source_breaks} <= {source.name for source in brand.sources}


@pytest.mark.parametrize("name", NAMES)
def test_a_brand_file_names_columns_that_its_archive_has(name: str, shared_data: Path) -> None:
    """Every mapped column stands in the header of the real file."""
    for source in load(name).sources:
        path = archive(source, shared_data)
        assert source.columns is not None
        wanted = set(source.columns.model_dump(exclude_none=True).values())
        if source.format == "parquet":
            assert wanted <= set(pq.read_schema(path).names)
        else:
            assert wanted <= set(pd.read_csv(path, nrows=0).columns)


@pytest.mark.parametrize("name", NAMES)
def test_the_dates_of_an_event_follow_each_other(name: str) -> None:
    """A clause is seen, then noticed, then answered, then taken back; never the other way round."""
    for event in load(name).events:
        dates = [event.clause_first_seen, event.noticed, event.responded, event.reversed]
        known = [date for date in dates if date is not None]
        assert event.noticed is not None
        assert known == sorted(known)


def test_every_airline_of_the_file_is_mapped_to_a_brand(shared_data: Path) -> None:
    """The six names in the brand column are the six brands of the brand file."""
    brand = load("airlines.toml")
    (source,) = brand.sources
    assert source.columns is not None
    assert source.columns.brand is not None
    found = {row[source.columns.brand] for row in rows(archive(source, shared_data))}
    assert found == set(source.brand_values)
    assert set(source.brand_values.values()) == {brand.slug, *(peer.slug for peer in brand.peers)}
