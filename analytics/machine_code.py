"""Compiled programs: made once on a machine by numba, kept as machine code, loaded by llvmlite alone.

numba has a cache of its own, but to load from it costs each process 0.7 s, half of it numba's import. This takes a
tenth, so that it serves small batches too.
"""

from __future__ import annotations

import ctypes
import hashlib
import logging
from collections.abc import Callable, Sequence
from importlib.metadata import version
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy.typing as npt

from analytics.kept_files import keep, read

if TYPE_CHECKING:
    from llvmlite.binding import TargetMachine

ENTRY = "entry"
NO_ERROR = (0, -2)  # how a function compiled by numba returns: with a value, with None

Argument: TypeAlias = npt.NDArray[Any] | int | ctypes.c_void_p

log = logging.getLogger(__name__)
lock = Lock()


class Code:
    """Loaded machine code. As it checks nothing, whoever calls it answers for every size."""

    def __init__(self, code: bytes) -> None:
        import llvmlite.binding as llvm

        # Everything stays referred to: the code is gone with its engine.
        self._engine = llvm.create_mcjit_compiler(llvm.parse_assembly(""), target_machine())
        self._engine.add_object_file(llvm.ObjectFileRef.from_data(code))
        self._engine.finalize_object()
        self._call = ctypes.CFUNCTYPE(ctypes.c_int32)(self._engine.get_function_address(ENTRY))

    def call(self, *arguments: Argument) -> None:
        """Call the entry, which returns nothing. Other threads run meanwhile."""
        result, error = ctypes.c_void_p(), ctypes.c_void_p()
        status = self._call(ctypes.byref(result), ctypes.byref(error), *map(as_argument, arguments))
        if status not in NO_ERROR:
            raise RuntimeError(f"the compiled code returned {status}")


def as_argument(value: Argument) -> ctypes.c_void_p | ctypes.c_int64:
    if isinstance(value, ctypes.c_void_p):
        return value
    return ctypes.c_int64(value) if isinstance(value, int) else ctypes.c_void_p(value.ctypes.data)


class Program:
    """A function for numba to compile, in LLVM's language from `assembly`, which takes seconds.

    Its machine code depends on the sources in `folders`. `without` says what it is like where it cannot be had.
    """

    def __init__(self, name: str, folders: Sequence[Path], assembly: Callable[[], str], without: str) -> None:
        self.name, self.folders, self.assembly, self.without = name, folders, assembly, without
        self.loaded: list[Code | None] = []  # empty until loading was tried with success or failed for good

    def load(self, compile_missing: bool) -> Code | None:
        """The loaded code, or None where it cannot be had: not compiled yet, no compiler, a compiler that fails.

        A failure is logged once and not tried again in this process.
        """
        with lock:
            if not self.loaded:
                try:
                    name = self.file_name()
                    code = read(name) or (keep(emit(self.assembly()), name) if compile_missing else None)
                    if code is None:
                        return None
                    self.loaded.append(Code(code))
                except Exception as problem:  # whatever a compiler that does not fit its machine may raise
                    log.warning("%s: %s", self.without, problem)
                    self.loaded.append(None)
            return self.loaded[0]

    def file_name(self) -> str:
        """Names everything that the machine code depends on."""
        import llvmlite.binding as llvm

        sources = [Path(__file__), Path(__file__).with_name("compilation.py")]
        sources += [source for folder in self.folders for source in sorted(folder.glob("*.py"))]
        depends = [llvm.get_process_triple(), llvm.get_host_cpu_name(), llvm.get_host_cpu_features().flatten()]
        depends += [version(library) for library in ("numba", "llvmlite", "vaderSentiment")]
        depends += [hashlib.sha256(source.read_bytes()).hexdigest() for source in sources]
        return f"{self.name}-{hashlib.sha256(' '.join(depends).encode()).hexdigest()[:16]}.o"


def emit(assembly: str) -> bytes:
    """Machine code for this processor from LLVM's language; the one function that others can see becomes the entry."""
    import llvmlite.binding as llvm

    module = llvm.parse_assembly(assembly)
    needed = [each.name for each in module.functions if each.is_declaration and not each.name.startswith("llvm.")]
    if needed:
        raise RuntimeError(f"the compiled code calls {', '.join(needed)}, which only numba has")
    defined = (each for each in module.functions if not each.is_declaration)
    [entry] = [each for each in defined if each.linkage == llvm.Linkage.external]
    entry.name = ENTRY
    return bytes(target_machine().emit_object(module))


def target_machine() -> TargetMachine:
    """This processor, as LLVM has it; one for each engine, which takes it over."""
    import llvmlite.binding as llvm

    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    return llvm.Target.from_default_triple().create_target_machine(
        cpu=llvm.get_host_cpu_name(),
        features=llvm.get_host_cpu_features().flatten(),
        opt=3,
        reloc="default",
        codemodel="jitdefault",
        jit=True,
    )
