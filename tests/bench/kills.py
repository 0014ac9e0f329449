"""Does a store survive it when its writer is killed at any moment? Lost, doubled, unreadable, different: all 0.

Run as `python -m tests.bench.kills [KILLS] [SEED] [--planted] [--json FILE]` (200 kills unless told otherwise). Each
round starts one stage in a process of its own, on a store of 2,000 posts with small transactions, and ends it by
SIGKILL at a random moment within the time that it takes undisturbed. Then the store and its published copy are looked
at, the same work is done again to its end, and both are compared with those of the undisturbed run.

`--planted` plants known faults instead, one in each round: the kills must find all that they are many enough for.
A kill of a process is no loss of power: what the kernel has taken is written.
"""

from __future__ import annotations

import argparse
import multiprocessing
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path

from tests.bench import kill_stages
from tests.bench.kill_checks import Found, check, list_leftovers
from tests.bench.kill_stages import POSTS, STAGES
from tests.bench.measurement import run
from tests.bench.planted_faults import PLANTED
from tests.bench.tables import Table, note, promise

KILLS, SEED = 200, 1
FAULTS = {  # what is promised not to be
    "posts lost": "lost",
    "rows doubled": "doubled",
    "stores unreadable": "unreadable",
    "stores different": "different",
}
PATIENCE = 120  # seconds: for a process that does not end
# A process that knows all modules and has opened nothing begets all others: none waits for imports.
PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(["tests.bench.kill_checks", "tests.bench.planted_faults"])


@dataclass(slots=True)
class Row:
    """What came of the kills of one stage, or of one planted fault. Posts, rows, stores, stores."""

    name: str
    stage: str
    fault: str = ""
    seconds: float = 0.0  # undisturbed
    kills: int = 0
    lost: int = 0
    doubled: int = 0
    unreadable: int = 0
    different: int = 0
    told: list[str] = field(default_factory=list)

    @property
    def faults(self) -> int:
        """All that should be 0."""
        return self.lost + self.doubled + self.unreadable + self.different

    def add(self, found: Found, moment: float) -> None:
        """Count one kill, `moment` seconds after the work began."""
        self.kills += 1
        self.lost += found.lost
        self.doubled += found.doubled
        self.unreadable += bool(found.unreadable)
        self.different += bool(found.different)
        wrong = [*found.unreadable, *found.different]
        if wrong or found.lost or found.doubled:
            wrong += [f"{found.lost} lost, {found.doubled} doubled"]
            self.told.append(f"{self.name}, killed after {moment:.3f} s: {'; '.join(wrong)}")


def work(stage: str, fault: str, room: Path, folder: Path, begun: Connection) -> None:
    """What a process does that is to be killed."""
    kill_stages.make_transactions_small()
    plant(fault)
    kill_stages.write_down_what_is_saved(folder)
    begun.send(True)
    STAGES[stage].work(room, folder)


def plant(fault: str) -> None:
    """Plant a fault in this process, where one is named."""
    if fault:
        PLANTED[fault][1]()


def prepare(stage: str, room: Path, start: Path) -> None:
    """What a process does that makes the folder a stage starts from."""
    kill_stages.make_transactions_small()
    STAGES[stage].prepare(room, start)


def examine(stage: str, fault: str, room: Path, folder: Path, again: bool, told: Connection) -> None:
    """What a process does that looks at a store; with `again` once more after the work was done to its end."""
    kill_stages.make_transactions_small()
    found = check(folder)
    if again:
        try:
            plant(fault)
            STAGES[stage].work(room, folder)
        except Exception as problem:  # whatever it is: the store is not what it would have been
            found.unreadable.append(f"done again: {type(problem).__name__}: {' '.join(str(problem).split())[:200]}")
        else:
            kill_stages.promise_everything(room, folder)
        found.add(check(folder))
    found.different += [f"{name} is left behind" for name in list_leftovers(folder)]
    told.send(found)


def finish(process: multiprocessing.process.BaseProcess) -> None:
    """Wait for the end of a process. Raises RuntimeError where it does not end, or ends with an error."""
    process.join(PATIENCE)
    if process.exitcode is None:
        process.kill()
        raise RuntimeError(f"{process.name} did not end within {PATIENCE} s")
    if process.exitcode:
        raise RuntimeError(f"{process.name} ended with {process.exitcode}")


def start(name: str, target: Callable[..., None], *given: object) -> multiprocessing.process.BaseProcess:
    process = PROCESSES.Process(target=target, args=given, name=name)
    process.start()
    return process


def ask_for_check(stage: str, fault: str, room: Path, folder: Path, again: bool) -> Found:
    """What `examine` finds in a process of its own."""
    answers, told = PROCESSES.Pipe(duplex=False)
    process = start(f"check of {stage}", examine, stage, fault, room, folder, again, told)
    if not answers.poll(PATIENCE):
        raise RuntimeError(f"the check of {stage} gave no answer within {PATIENCE} s")
    found: Found = answers.recv()
    finish(process)
    return found


@dataclass(frozen=True, slots=True)
class Usual:
    """A stage undisturbed: the folder that it starts from, how long it takes, and what it leaves."""

    start: Path
    seconds: float
    contents: dict[str, str]


def run_undisturbed(stage: str, fault: str, room: Path, starts: Path) -> Usual:
    """Prepare a stage and do it once to its end. Raises RuntimeError where even that leaves anything wrong."""
    beginning = starts / stage
    if not beginning.exists():
        finish(start(f"start of {stage}", prepare, stage, room, beginning))
    folder = starts / f"{stage} undisturbed"
    shutil.copytree(beginning, folder)
    begun_here, begun = PROCESSES.Pipe(duplex=False)
    process = start(stage, work, stage, fault, room, folder, begun)
    begun_here.recv()
    began = time.perf_counter()
    finish(process)
    seconds = time.perf_counter() - began
    found = ask_for_check(stage, fault, room, folder, again=False)
    shutil.rmtree(folder)
    if found.lost or found.doubled or found.unreadable or found.different or not found.contents:
        raise RuntimeError(f"{stage} is wrong without any kill: {found}")
    return Usual(beginning, seconds, found.contents)


def kill_once(row: Row, usual: Usual, room: Path, chance: random.Random) -> None:
    """One round; a moment at which the work was over already is drawn anew."""
    killed = False
    with tempfile.TemporaryDirectory(dir=room) as name:
        folder = Path(name) / "store"
        while not killed:
            shutil.rmtree(folder, ignore_errors=True)
            shutil.copytree(usual.start, folder)
            moment = chance.uniform(0, usual.seconds)
            begun_here, begun = PROCESSES.Pipe(duplex=False)
            process = start(row.stage, work, row.stage, row.fault, room, folder, begun)
            begun_here.recv()
            process.join(moment)
            killed = process.exitcode is None
            process.kill()
            process.join()
        found = ask_for_check(row.stage, row.fault, room, folder, again=True)
    different = sorted(name for name, value in usual.contents.items() if found.contents.get(name) != value)
    if different:
        found.different.append(f"not as in an undisturbed run: {', '.join(different)}")
    row.add(found, moment)


def kill_many(kills: int, seed: int, *, planted: bool = False) -> Iterator[Row]:
    """Kill each stage, or each planted fault, in its turn and about equally often; a row as soon as one is done."""
    if planted:
        rows = [Row(fault, stage, fault) for fault, (stage, _) in PLANTED.items()]
    else:
        rows = [Row(stage, stage) for stage in STAGES]
    with tempfile.TemporaryDirectory() as name:
        room = Path(name)
        kill_stages.furnish(room)
        for number, row in enumerate(rows):
            chance = random.Random(f"{seed} {row.name}")
            usual = run_undisturbed(row.stage, row.fault, room, room)
            row.seconds = usual.seconds
            for _ in range(number, kills, len(rows)):
                kill_once(row, usual, room, chance)
            yield row


def main(*arguments: str) -> None:
    """Print a row for each stage. Ends with an error where anything is lost, doubled, unreadable or different."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.kills")
    parser.add_argument("kills", type=int, nargs="?", default=KILLS)
    parser.add_argument("seed", type=int, nargs="?", default=SEED)
    parser.add_argument("--planted", action="store_true", help="plant faults, which the kills must find")
    options = parser.parse_args(arguments)
    columns = {"planted fault" if options.planted else "stage": "<24", "usual s": ".1f", "kills": ","}
    table = Table("Kills", columns | dict.fromkeys(("lost", "doubled", "unreadable", "different"), ","))
    rows = []
    for row in kill_many(options.kills, options.seed, planted=options.planted):
        table.add(row.name, row.seconds, row.kills, row.lost, row.doubled, row.unreadable, row.different)
        rows.append(row)
    note(f"seed {options.seed}; {POSTS:,} posts a store; lost are posts, doubled are rows, the others stores")
    for told in (told for row in rows for told in row.told[: 1 if options.planted else None]):
        note(told)
    if not options.planted:
        kills = sum(row.kills for row in rows)
        for what, kind in FAULTS.items():
            promise(f"{what} by {kills:,} kills", sum(getattr(row, kind) for row in rows), at_most=0)
    missed = [row.name for row in rows if not row.faults]
    if options.planted and missed:
        sys.exit(f"not found: {', '.join(missed)}; more kills may find it")
    if not options.planted and len(missed) < len(rows):
        sys.exit(f"not as it must be: {', '.join(row.name for row in rows if row.faults)}")


if __name__ == "__main__":
    run(main)
