"""What functions that numba compiles share. Importing it takes numba's time, so it is imported to compile only."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numpy as np
import numpy.typing as npt
from numba import njit

Function = TypeVar("Function", bound=Callable[..., object])


def compiled(function: Function) -> Function:
    """Compile when first called from compiled code; Python never calls it, so what would let it is left out."""
    options: dict[str, Any] = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}
    return cast(Function, njit(error_model="numpy", **options)(function))


@compiled
def decode(text: npt.NDArray[np.uint8], place: int) -> tuple[int, int]:
    """Code point and length of the UTF-8 character beyond ASCII that starts at `place`."""
    first = int(text[place])
    if first < 0xE0:
        return (first & 0x1F) << 6 | (text[place + 1] & 0x3F), 2
    if first < 0xF0:
        return (first & 0x0F) << 12 | (text[place + 1] & 0x3F) << 6 | (text[place + 2] & 0x3F), 3
    high = (first & 0x07) << 18 | (text[place + 1] & 0x3F) << 12
    return high | (text[place + 2] & 0x3F) << 6 | (text[place + 3] & 0x3F), 4
