"""Commands about labels: scorers held against a labelled file, and labelling a sample of a brand's own posts."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from flows.failures import guarded
from flows.options import (
    BrandPath,
    DebugOption,
    EncodingOption,
    LabelsColumnOption,
    LabelWordsOption,
    MaskOption,
    NamesOfOption,
    StoreOption,
    TextsOption,
)


@guarded
def evaluate(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Labelled texts.", show_default=False)],
    text: TextsOption,
    label: LabelsColumnOption,
    labels: LabelWordsOption = None,
    day: Annotated[str | None, typer.Option("--day", metavar="COLUMN", help="Times: also compare daily means.")] = None,
    brand: Annotated[str | None, typer.Option("--brand", metavar="COLUMN", help="Brands, for daily means.")] = None,
    scorer: Annotated[
        list[str] | None,
        typer.Option(
            "--scorer", metavar="NAME", help="vader, linear@MODEL, vader_domain@LEXICON.toml …; may be given again."
        ),
    ] = None,
    mask: MaskOption = None,
    names_of: NamesOfOption = None,
    encoding: EncodingOption = "utf-8",
    day_first: Annotated[bool, typer.Option("--day-first", help="05/07 is the fifth of July.")] = False,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Draw a picture: .svg, .png or .html.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON in place of tables.")] = False,
    store: StoreOption = None,
    debug: DebugOption = False,
) -> None:
    """Measure scorers against a file that people labelled."""
    from analytics.evaluation import read_label_words, read_labelled
    from analytics.evaluation.evaluation import evaluate as hold_against_labels
    from analytics.sentiment import KNOWN
    from flows import evaluation_output
    from flows.errors import UsageError
    from flows.loading import load_brand

    if brand is not None and day is None:
        raise UsageError("--brand is for daily means; give --day COLUMN too, or leave it out")
    if out is not None:
        evaluation_output.require_format(out)
    names = [*(mask or []), *(load_brand(names_of).names if names_of is not None else ())]
    others = [column for column in (day, brand) if column is not None]
    labelled = read_labelled(file, text, label, read_label_words(labels or []), others=others, encoding=encoding)
    found = hold_against_labels(
        labelled,
        scorer or KNOWN,
        names,
        days=labelled.others[day] if day is not None else None,
        brands=labelled.others[brand] if brand is not None else None,
        day_first=day_first,
    )
    if as_json:
        evaluation_output.print_json(found)
    else:
        evaluation_output.show(found)
    if out is not None:
        evaluation_output.draw(found, out)


@guarded
def label(
    brand_file: BrandPath,
    event: Annotated[str, typer.Argument(metavar="EVENT", help="The id of a policy event.", show_default=False)],
    posts: Annotated[
        int | None, typer.Option("--n", metavar="N", min=1, help="Posts to draw in each window [default: 100].")
    ] = None,
    by: Annotated[str | None, typer.Option("--by", metavar="NAME", help="Who labels [default: your account].")] = None,
    seed: Annotated[int | None, typer.Option("--seed", metavar="N", help="Another draw [default: 1].")] = None,
    store: StoreOption = None,
    debug: DebugOption = False,
) -> None:
    """Label a random sample of posts around an event, by keyboard."""
    import getpass

    from flows import labelling
    from flows.errors import UsageError
    from flows.loading import existing_store, load_brand
    from flows.terminal import on_terminal

    brand, stored = load_brand(brand_file), existing_store(store)
    if not on_terminal():
        raise UsageError("label shows posts and reads keys, and there is no terminal; run it in one")
    labeller = (by if by is not None else getpass.getuser()).strip()
    if not labeller:
        raise UsageError("--by is empty; give the name of who labels")
    labelling.label_event(stored, brand, event, labeller, posts=posts, seed=seed)
