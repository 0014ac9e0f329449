"""The command `train`: a model of the scorer linear from the user's own labelled files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from flows.failures import guarded
from flows.options import (
    DebugOption,
    EncodingOption,
    LabelsColumnOption,
    LabelWordsOption,
    MaskOption,
    NamesOfOption,
    StoreOption,
    TextsOption,
)

FEWEST_TEXTS, FEWEST_A_CLASS = 30, 10


@guarded
def train(
    files: Annotated[list[Path], typer.Argument(metavar="FILE …", help="Labelled texts.", show_default=False)],
    text: TextsOption,
    label: LabelsColumnOption,
    out: Annotated[Path, typer.Option("--out", metavar="MODEL", help="The model that is written.")],
    labels: LabelWordsOption = None,
    folds: Annotated[
        int | None,
        typer.Option("--folds", metavar="N", min=2, max=20, help="Parts to measure on in turn [default: 5]."),
    ] = None,
    group: Annotated[
        str | None,
        typer.Option("--group", metavar="COLUMN", help="Measure each value of it by a model that never saw it."),
    ] = None,
    equal_files: Annotated[
        bool, typer.Option("--equal-files", help="Each file has the same say, however many texts it holds.")
    ] = False,
    mask: MaskOption = None,
    names_of: NamesOfOption = None,
    encoding: EncodingOption = "utf-8",
    store: StoreOption = None,
    debug: DebugOption = False,
) -> None:
    """Train the scorer linear on labelled files, and measure it."""
    from analytics.evaluation import read_label_words, read_labelled
    from analytics.evaluation.labelled_texts import join_labelled, require_enough
    from analytics.sentiment.linear.model_file import write_model
    from analytics.sentiment.linear.training import DEFAULT_FOLDS, hash_data
    from analytics.sentiment.linear.training import train as train_model
    from flows import training_output
    from flows.errors import UsageError
    from flows.loading import load_brand
    from flows.progress import reporter, shown_on_terminal

    if folds is not None and group is not None:
        raise UsageError("--folds and --group are two ways to cut the texts; give one of them")
    if len({file.resolve() for file in files}) < len(files):
        raise UsageError("a file is named twice, and its texts would count as so many more; name each once")
    if equal_files and len(files) < 2:
        raise UsageError("--equal-files: there is one file; name two or more, or leave it out")
    _require_place(out)
    names = [*(mask or []), *(load_brand(names_of).names if names_of is not None else ())]
    words = read_label_words(labels or [])
    others = [] if group is None else [group]
    parts = [read_labelled(file, text, label, words, others=others, encoding=encoding) for file in files]
    together = join_labelled(parts)
    training_output.show_files(parts)
    require_enough(together, FEWEST_TEXTS, FEWEST_A_CLASS)
    with shown_on_terminal(), reporter().stage("train and measure", "model") as advance:
        training = train_model(
            together.texts,
            together.labels,
            groups=None if group is None else together.others[group],
            folds=folds or DEFAULT_FOLDS,
            names=names,
            files=[str(part.path) for part in parts for _ in part.texts] if len(parts) > 1 else None,
            equal_files=equal_files,
            source={
                "files": len(files),
                "files_sha256": [hash_data(part.texts, part.labels) for part in parts],
                "rows": together.rows,
                "dropped": dict(together.dropped),
            },
            progress=lambda: advance(1),
        )
    training_output.show_training(training)
    try:
        write_model(training.model, out)
    except OSError as problem:
        raise UsageError(f"--out {out}: cannot be written: {problem.strerror}") from None
    training_output.show_model(training.model, out)


def _require_place(out: Path) -> None:
    """Raises UsageError where the model cannot be written: told before anything is computed."""
    from analytics.sentiment.linear.model_file import looks_like_model
    from flows.errors import UsageError

    if not out.parent.is_dir():
        raise UsageError(f"--out {out}: there is no folder {out.parent}; make it or name another")
    if out.is_dir():
        raise UsageError(f"--out {out}: is a folder; name a file in it")
    if out.exists() and not looks_like_model(out):
        raise UsageError(f"--out {out}: is there already and is no model; give another name or remove it")
