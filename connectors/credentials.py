"""What a connector needs to log in: names of environment variables, and a mapping that hides their values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Credential:
    """A secret that a connector needs: the environment variable that holds it, and what a person gets where for it."""

    name: str
    how_to_get: str
    required: bool = True


def tell_how_to_get(missing: Sequence[Credential]) -> str:
    """How a person gets each of `missing`, in one line; of several each is named before its own way."""
    if len(missing) == 1:
        return missing[0].how_to_get
    return "; ".join(f"{need.name}: {need.how_to_get}" for need in missing)


class Credentials(Mapping[str, str]):
    """Secrets by the names of their environment variables. No repr and no error shows a value."""

    def __init__(self, values: Mapping[str, str] | None = None) -> None:
        self._values = dict(values or {})

    def __getitem__(self, name: str) -> str:
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __repr__(self) -> str:
        return f"Credentials({', '.join(sorted(self._values))})"


NO_CREDENTIALS = Credentials()
