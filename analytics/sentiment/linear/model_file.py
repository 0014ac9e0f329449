"""The file that a model is kept in: NumPy arrays and a header in JSON, held together by hashes. Nothing in it is run.

It holds no text: n-grams stand in it as the numbers of their buckets, and none that only one text had.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import zipfile
import zlib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from analytics.sentiment.errors import ModelError
from analytics.sentiment.linear.features import VADER, settings
from analytics.sentiment.linear.layout import BUCKETS, CELLS, CLASSES
from analytics.sentiment.linear.model import Model

KIND, FORMAT = "brandtrust linear scorer", 2
SEAL = hashlib.sha256().digest_size * 2  # hex digits at the file's end: the hash of all bytes before them
MOST_BYTES = 1 << 26  # unpacked; all buckets filled take a third of it

UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    EOFError,
    RuntimeError,
)
"""What may come of reading any bytes as a model."""

Arrays = dict[str, npt.NDArray[Any]]


def seal(model: Model) -> Model:
    """The model with its version and its hashes in the header, which has the `settings` of its features already."""
    weights = hash_weights(arrays_of(model), model.temperature, model.header["features"])
    header = {"kind": KIND, "format": FORMAT, "version": name_version(weights), "weights_sha256": weights}
    header |= {"temperature": model.temperature, **model.header}
    header["sha256"] = hash_header(header)
    return Model(model.weights, model.vader, model.intercept, model.temperature, header)


def write_model(model: Model, path: Path) -> None:
    """Write a sealed model: all of it, or nothing. Equal models give equal bytes. Raises OSError."""
    content = io.BytesIO()
    header = np.frombuffer(json.dumps(model.header, ensure_ascii=False).encode(), np.uint8)
    np.savez(content, allow_pickle=False, header=header, **arrays_of(model))
    with zipfile.ZipFile(content, "a") as whole:
        whole.comment = b"0" * SEAL  # room for the seal, which is the end of a zip file
    half = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        half.write_bytes(seal_bytes(content.getvalue()))
        half.replace(path)
    finally:
        half.unlink(missing_ok=True)


def seal_bytes(content: bytes) -> bytes:
    """The bytes with their own hash in the place of their last digits."""
    return content[:-SEAL] + hashlib.sha256(content[:-SEAL]).hexdigest().encode()


def read_model(path: str | Path) -> Model:
    """The model in a file, kept in memory while the file stays as it is. Raises ModelError."""
    path = Path(path)
    try:
        state = path.stat()
        if path.is_dir():
            raise ModelError(f"{path}: is a folder; name the model in it")
        return _read(path.resolve(), state.st_mtime_ns, state.st_size)
    except FileNotFoundError:
        raise ModelError(f"{path}: there is no such model; `brandtrust train` writes one, or mend the path") from None
    except OSError as problem:
        raise ModelError(f"{path}: the model cannot be read: {problem.strerror or problem}") from None


def looks_like_model(path: Path) -> bool:
    """Whether a file has a model's parts, right or wrong: one that `train` may write over."""
    try:
        with zipfile.ZipFile(path) as content:
            return {"header.npy", "buckets.npy", "rarity.npy"} <= set(content.namelist())
    except (OSError, zipfile.BadZipFile):
        return False


@lru_cache(maxsize=4)
def _read(path: Path, changed_at: int, size: int) -> Model:
    strange = ModelError(f"{path}: is no model that `brandtrust train` wrote; mend the path or train one")
    try:
        with zipfile.ZipFile(path) as packed:
            if sum(each.file_size for each in packed.infolist()) > MOST_BYTES:
                raise strange
        with np.load(path, allow_pickle=False) as stored:
            arrays = {name: stored[name] for name in stored.files}
        header = json.loads(arrays.pop("header").tobytes())
        if header["kind"] != KIND:
            raise strange
        if header["format"] != FORMAT:
            raise ModelError(f"{path}: is of format {header['format']}, this release reads {FORMAT}; train again")
        temperature = float(header["temperature"])
        hashes = header["weights_sha256"], header["sha256"]
        changed = hashes != (hash_weights(arrays, temperature, header["features"]), hash_header(header))
        content = path.read_bytes()
        changed = changed or content != seal_bytes(content)
        if changed or header["version"] != name_version(hashes[0]):
            raise ModelError(f"{path}: was changed after training; train again")
        if header["features"] != settings(header["features"]["lexicon"]):
            raise ModelError(f"{path}: was trained by a release that reads texts otherwise; train again")
        return assemble(arrays, temperature, header)
    except ModelError:
        raise
    except UNREADABLE:
        raise strange from None


def name_version(weights_hash: str) -> str:
    return f"linear:{weights_hash[:8]}"


def arrays_of(model: Model) -> Arrays:
    """The arrays in the file; of the weights only the buckets in use."""
    used = np.flatnonzero(model.weights[:, 0]).astype(np.int32)
    cells = model.weights[used]
    return {
        "buckets": used,
        "rarity": cells[:, 0].copy(),
        "weights": cells[:, 1:].copy(),
        "vader": model.vader,
        "intercept": model.intercept,
    }


def assemble(arrays: Arrays, temperature: float, header: Mapping[str, Any]) -> Model:
    """The model of arrays whose hash was right. Raises ValueError or LookupError where they do not fit together."""
    if not (np.diff(arrays["buckets"], prepend=-1) > 0).all():
        raise ValueError("buckets do not ascend from 0")
    cells = np.zeros((BUCKETS, CELLS), np.float32)
    cells[arrays["buckets"], 0] = arrays["rarity"]
    cells[arrays["buckets"], 1:] = arrays["weights"]
    vader, intercept = arrays["vader"].reshape(len(VADER), CLASSES), arrays["intercept"].reshape(CLASSES)
    return Model(cells, vader, intercept, temperature, header)


def hash_weights(arrays: Arrays, temperature: float, features: object) -> str:
    """SHA-256 of everything that a score depends on."""
    hashed = hashlib.sha256(json.dumps([features, temperature], sort_keys=True).encode())
    for name, array in sorted(arrays.items()):
        hashed.update(f"{name} {array.dtype.str} {array.shape}".encode())
        hashed.update(np.ascontiguousarray(array).tobytes())
    return hashed.hexdigest()


def hash_header(header: Mapping[str, Any]) -> str:
    """SHA-256 of all else that the header says."""
    said = {name: value for name, value in header.items() if name != "sha256"}
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()
