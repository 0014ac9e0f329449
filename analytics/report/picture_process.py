"""The process that turns specifications into pictures: a line of JSON in, a line of JSON out, until its input ends.

It is started as a file, not as a module, and imports nothing of ours: what a picture waits for is vl-convert alone.
The arguments are the folders of the fonts.
"""

from __future__ import annotations

import base64
import json
import os
import sys


def main(*font_folders: str) -> None:
    """Answer every line {"kind": "svg" or "png", "specification": …} by {"picture": base64} or {"error": words}."""
    import vl_convert

    for folder in font_folders:
        vl_convert.register_font_directory(folder)
    for line in sys.stdin.buffer:
        asked = json.loads(line)
        try:
            if asked["kind"] == "svg":
                picture = vl_convert.vegalite_to_svg(asked["specification"]).encode()
            else:
                picture = vl_convert.vegalite_to_png(asked["specification"], scale=2)
            answer = {"picture": base64.b64encode(picture).decode("ascii")}
        except Exception as problem:  # whatever it is, who asked is told
            answer = {"error": str(problem)}
        try:
            sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n")
            sys.stdout.buffer.flush()
        except BrokenPipeError:  # who asked was killed meanwhile
            os._exit(0)  # at an orderly end Python would try to write the rest


if __name__ == "__main__":
    main(*sys.argv[1:])
