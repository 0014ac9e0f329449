"""Pictures from specifications, by a process of its own beside.

vl-convert holds Python's lock from its start, half a second, to the end of each picture, so that a thread would gain
nothing: in another process it starts while the report is read, and draws while typst measures.
"""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from threading import Lock
from typing import Any, Literal

from analytics.report.fonts import font_folders

Kind = Literal["svg", "png"]
PROCESS = Path(__file__).with_name("picture_process.py")


class PictureError(RuntimeError):
    """A picture could not be made."""


class PictureMaker:
    """Makes one picture after the other, by a process that begins with the first and ends with this one."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._one_asks = Lock()
        self._asking = ThreadPoolExecutor(1, thread_name_prefix="pictures")

    def make(self, kind: Kind, specification: dict[str, Any]) -> bytes:
        """A picture: SVG text in UTF-8, or PNG with two pixels a point. Raises PictureError."""
        with self._one_asks:
            process = self._started()
            asked = json.dumps({"kind": kind, "specification": specification}).encode() + b"\n"
            try:
                process.stdin.write(asked)  # type: ignore[union-attr]
                process.stdin.flush()  # type: ignore[union-attr]
                line = process.stdout.readline()  # type: ignore[union-attr]
            except OSError:
                line = b""
            if not line:
                self._process = None  # the next picture begins with another one
                raise PictureError(f"the process that draws pictures ended by itself (exit code {process.wait()})")
        answer = json.loads(line)
        if "error" in answer:
            raise PictureError(answer["error"])
        return base64.b64decode(answer["picture"])

    def begin(self, kind: Kind, specification: dict[str, Any]) -> Future[bytes]:
        """The same beside what is done meanwhile."""
        return self._asking.submit(self.make, kind, specification)

    def stop(self) -> None:
        """End the process; the next picture begins with another one."""
        with self._one_asks:
            if self._process is not None:
                self._process.communicate()  # its input ends, and so does it
                self._process = None

    def _started(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            self._process = subprocess.Popen(
                # -P: beside it lie files called like parts of Python.
                [sys.executable, "-P", str(PROCESS), *font_folders()],
                stdin=subprocess.PIPE,  # ends with this process, and the other one with it
                stdout=subprocess.PIPE,
                start_new_session=True,  # Ctrl-C is told by the command alone
            )
        return self._process


PICTURES = PictureMaker()
