"""Writes `folding_table.txt`, what DuckDB makes of every single character: `python -m brands.folding_table`.

Run it when DuckDB's Unicode tables change (a test tells). One rule a line, all numbers hexadecimal:

keep FIRST LAST                           characters of words and the marks @ and #: they stay, unless a line below
                                          says otherwise
drop FIRST LAST                           accents and other marks, which vanish
fold FIRST LAST STEP TARGET TARGET_STEP   every STEP-th character from FIRST to LAST: the first of them becomes TARGET,
                                          the next TARGET + TARGET_STEP, and so on

Whatever no line names becomes a space.
"""

from __future__ import annotations

from itertools import pairwise

import duckdb

from brands.folding import TABLE_FILE, fold_sql

LAST_CHARACTER = 0x10FFFF
SURROGATES = range(0xD800, 0xE000)  # no characters, and UTF-8 cannot hold them


def fold_each() -> dict[int, str]:
    """Every character but NUL, which DuckDB's chr() does not make, with its fold by the installed DuckDB."""
    rows = duckdb.execute(
        f"SELECT code, {fold_sql('chr(code::INTEGER)')}[2:-2] FROM range(1, {LAST_CHARACTER + 1}) AS codes(code) "
        f"WHERE code NOT BETWEEN {SURROGATES.start} AND {SURROGATES.stop - 1} ORDER BY code"
    ).fetchall()
    return dict(rows)


def write_lines(folds: dict[int, str]) -> list[str]:
    """The table as lines of text."""
    kept = [code for code, fold in folds.items() if fold != " "]
    dropped = [code for code, fold in folds.items() if not fold]
    folded = [(code, ord(fold)) for code, fold in folds.items() if fold.strip() and fold != chr(code)]
    lines = [f"keep {first:x} {last:x}" for first, last in _ranges(kept)]
    lines += [f"drop {first:x} {last:x}" for first, last in _ranges(dropped)]
    lines += [" ".join(("fold", *(f"{number:x}" for number in run))) for run in _runs(folded)]
    return lines


def _ranges(codes: list[int]) -> list[tuple[int, int]]:
    starts = [second for first, second in pairwise(codes) if second != first + 1]
    ends = [first for first, second in pairwise(codes) if second != first + 1]
    return list(zip(codes[:1] + starts, ends + codes[-1:], strict=True))


def _runs(folded: list[tuple[int, int]]) -> list[tuple[int, int, int, int, int]]:
    """Longest runs of one step, greedily: first, last, step, target of the first, step of the targets."""
    runs: list[tuple[int, int, int, int, int]] = []
    for code, target in folded:
        if runs:
            first, last, step, start, target_step = runs[-1]
            if first == last and code - last <= 2 and target >= start:
                runs[-1] = (first, code, code - last, start, target - start)
                continue
            if first != last and code - last == step and target == start + (code - first) // step * target_step:
                runs[-1] = (first, code, step, start, target_step)
                continue
        runs.append((code, code, 1, target, 0))
    return runs


def main() -> None:
    """Write the table next to this module."""
    heading = "# Written by brands/folding_table.py from DuckDB; the lines are explained there."
    TABLE_FILE.write_text("\n".join([heading, *write_lines(fold_each())]) + "\n", encoding="ascii")


if __name__ == "__main__":
    main()
