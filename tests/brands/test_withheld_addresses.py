"""An address that stands in the wrong place of a brand file may hold a password: no fault repeats it."""

from __future__ import annotations

from pathlib import Path

import pytest

from brands.brand_file import BrandFileError, load

HEAD = 'name = "Acme"\nquery = "acme"\n'
PEER = '[[peers]]\nname = "Rival"\n'
ADDRESS = "json://u:SECRET pw@h"
LONG = "json://" + "u" * 30 + ":SECRET@h"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f'[delivery]\ntargets = "{ADDRESS}"', "delivery.targets should be names of your own"),
        (f'[delivery]\ntargets = ["{ADDRESS}"]', "BRANDTRUST_DELIVER_PRESS"),
        (f'[delivery]\ntargets = ["press"]\n"{ADDRESS}" = "x"', "BRANDTRUST_DELIVER_PRESS"),
        (f'[delivery]\ntargets = ["press"]\n"{ADDRESS}" = {{}}', "unknown key"),
        (f'"{ADDRESS}" = 1', "unknown key"),
        (f'aliases = "{LONG}"', "aliases should be a list"),
        (f'timezone = "{ADDRESS}"', "there is no time zone"),
        (f'language = "{ADDRESS}"', "should be a code"),
        (f'slug = "{ADDRESS}"', "slug"),
        (f'exclude = "*{ADDRESS} \\"x"', "exclude"),
        (f'exclude = "a OR {ADDRESS} *SECRET"', "take the address out"),
        (f'[report]\ncolor = "{ADDRESS}"', "is no colour"),
        (f'[report]\nlogo = "{ADDRESS}"', "there is no file"),
        (f'{PEER}file = "{ADDRESS}"', "there is no file"),
        (f'[[source_breaks]]\nsource = "{ADDRESS}"\ndate = 2023-01-01\nnote = ""', "there is no source"),
        (f'x = {{ "{ADDRESS}" = 1, "{ADDRESS}" = 2 }}', "this is not TOML"),
    ],
)
def test_a_fault_does_not_repeat_an_address(tmp_path: Path, text: str, said: str) -> None:
    """It says what is meant without the value, wherever the address stands."""
    path = tmp_path / "acme.toml"
    path.write_text(HEAD + text + "\n", "utf-8")
    with pytest.raises(BrandFileError) as caught:
        load(path)
    told = " ".join([str(caught.value), *(problem for _, problem in caught.value.others)])
    assert said in told
    for secret in ("SECRET", "secret_", "pw", "u:", "uuuu"):
        assert secret not in told.replace(str(tmp_path), "")
