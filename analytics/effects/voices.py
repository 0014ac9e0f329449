"""Tables of voices: who said what in the windows before and after an event, read and checked."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analytics.effects.bins import LARGEST

WINDOWS = ("before", "after")


def read_voices(voices: pd.DataFrame) -> pd.DataFrame:
    """The rows that count, with `known_author`. Raises ValueError, one line, where the table cannot be read."""
    needed = ("window", "voice", "source", "language", "value", "weight")
    if missing := [name for name in needed if name not in voices.columns]:
        raise ValueError(f"voices has no column {missing[0]!r}: it has {', '.join(map(str, voices.columns)) or 'none'}")
    frame = voices[list(needed)].copy()
    frame["known_author"] = voices["known_author"].astype(bool) if "known_author" in voices.columns else True
    if not frame["window"].isin(WINDOWS).all():
        raise ValueError("voices: column 'window' holds something other than before and after")
    for name in ("value", "weight"):
        try:
            frame[name] = frame[name].to_numpy(dtype=np.float64, na_value=np.nan)
        except (TypeError, ValueError):
            raise ValueError(f"voices: column {name!r} holds something that is not a number") from None
        if np.isinf(frame[name]).any():
            raise ValueError(f"voices: column {name!r} holds an infinite number")
        if (frame[name].abs() > LARGEST).any():
            raise ValueError(f"voices: column {name!r} holds a number beyond ±{LARGEST:g}")
    if (frame["weight"] < 0).any():
        raise ValueError("voices: column 'weight' holds a negative number")
    frame = frame[frame["value"].notna() & (frame["weight"] > 0)]
    if frame["voice"].isna().any():
        raise ValueError(
            "voices: column 'voice' is empty in a row: give each post without an author a voice of its own"
        )
    return frame.assign(source=frame["source"].fillna(""), language=frame["language"].fillna("und"))
