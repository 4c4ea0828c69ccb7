"""Expressions compiled once, also over processes.

Compiling the few hundred expressions of the program takes most of a second, loading what was compiled some hundredths. So it is kept in the user's
cache folder, in a file for each version of Python and of `regex`; a changed expression is another key. Like Python's own compiled modules it is
trusted as far as the account: a file that another account owns or may write is not read. Where nothing can be kept, all is compiled.
"""

import atexit
import contextlib
import copyreg
import marshal
import os
import sys
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

import regex

MOST = 4_000  # expressions in the file; beyond, only those that this process used are kept
_FLAGS = int(regex.VERBOSE | regex.VERSION1)  # a plain number: the parser tests flags at every character, and those of an enumeration slowly
_new: dict[str, bytes] = {}
_used: set[str] = set()


def compile_once(expression: str) -> regex.Pattern[str]:
    """An expression, loaded where this user's processes have compiled it before; white space and comments in it do not count. Raises regex.error."""
    _used.add(expression)
    if (parts := _kept().get(expression)) is not None:
        with contextlib.suppress(EOFError, TypeError, ValueError, regex.error):
            loaded: regex.Pattern[str] = _assemble()(*marshal.loads(parts))
            return loaded
    compiled = regex.compile(expression, _FLAGS)
    if not _new:
        atexit.register(keep)
    _new[expression] = marshal.dumps(_parts(compiled)[1])
    return compiled


def keep() -> None:
    """Write what this process compiled anew, whole or not at all. Called when the program ends; a worker, which ends otherwise, calls it itself."""
    path = _path()
    if not _new or path is None:
        return
    every = _kept() | _new
    if len(every) > MOST:
        every = {name: parts for name, parts in every.items() if name in _used}
    with contextlib.suppress(OSError):
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(marshal.dumps(every))
            Path(name).replace(path)
        except OSError:
            Path(name).unlink(missing_ok=True)
            raise
        _kept().update(_new)
        _new.clear()


@cache
def _kept() -> dict[str, bytes]:
    """What the file holds, each expression still packed: a notice needs some hundreds of what may be thousands."""
    path = _path()
    try:
        loaded = marshal.loads(path.read_bytes()) if path is not None and is_ours(path) else {}
    except (OSError, EOFError, ValueError, TypeError):
        return {}
    return loaded if isinstance(loaded, dict) else {}


def is_ours(path: Path) -> bool:
    """Whether a file or folder belongs to this account and no other may write there. Raises OSError where there is none."""
    if sys.platform == "win32":
        return True  # the folder is the account's own
    found = path.stat()
    return found.st_uid == os.getuid() and not found.st_mode & 0o022


def _path() -> Path | None:
    folder = cache_folder()
    return folder / f"packed-expressions-{sys.implementation.cache_tag}-regex-{regex.__version__}" if folder else None


@cache
def cache_folder() -> Path | None:
    """The program's folder in the user's cache, by the custom of the system; null where there is none that is the account's own alone."""
    home = os.environ.get("LOCALAPPDATA") if sys.platform == "win32" else os.environ.get("XDG_CACHE_HOME")
    with contextlib.suppress(RuntimeError, OSError):
        folder = Path(home) if home and Path(home).is_absolute() else Path.home() / ("Library/Caches" if sys.platform == "darwin" else ".cache")
        own = folder / "noticerules"
        own.mkdir(mode=0o700, parents=True, exist_ok=True)
        return own if is_ours(own) else None
    return None


def _parts(pattern: regex.Pattern[str]) -> tuple[Any, tuple[Any, ...]]:
    """What copies a compiled expression, as `copy` asks for it: a function and its arguments, all plain values."""
    reduced: Any = copyreg.dispatch_table[type(pattern)](pattern)
    return reduced[0], reduced[1]


@cache
def _assemble() -> Any:
    return _parts(regex.compile("", _FLAGS))[0]
