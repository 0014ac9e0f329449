"""The program of a passing Prefect server: it ends when the run that started it is gone, however that ended.

    python -m flows.passing_server PORT

Its standard input is a pipe that the run holds open. A run that is killed cannot stop its server; the pipe closes all
the same, and a server that went on would keep a core busy for nobody.
"""

from __future__ import annotations

import os
import sys
import threading

LOOPBACK = "127.0.0.1"


def main() -> None:
    """Serve on loopback until the pipe closes."""
    threading.Thread(target=_end_with_the_run, daemon=True).start()
    import uvicorn

    uvicorn.run(
        "prefect.server.api.server:create_app",
        factory=True,
        host=LOOPBACK,
        port=int(sys.argv[1]),
        log_level="error",
        lifespan="on",
    )


def _end_with_the_run() -> None:
    sys.stdin.buffer.read()
    os._exit(0)


if __name__ == "__main__":
    main()
