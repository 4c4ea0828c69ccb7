"""The processes of the program: how each of them sets itself up, and how it starts another."""

import contextlib
import gc
import os
import sys
from collections.abc import Iterator
from types import ModuleType

_COLLECT_AFTER = 100_000  # new objects: nearly all of a notice's stay to its end, so that to look for garbage among them more often finds none


def set_up() -> None:
    """Called first thing in a process of our own: what slows it and does nothing for it is left out."""
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")  # we have none; looking for them reads what every installed package says of itself
    gc.set_threshold(_COLLECT_AFTER)


@contextlib.contextmanager
def nobodys_main() -> Iterator[None]:
    """A new process runs the program's main module again, which costs time and goes wrong where that is no file; a worker needs none of it."""
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main
