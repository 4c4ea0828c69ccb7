"""A long reading tells whoever waits for it that it goes on."""

from collections.abc import Callable
from contextvars import ContextVar

_listener: ContextVar[Callable[[], None] | None] = ContextVar("listener", default=None)


def listen(listener: Callable[[], None]) -> None:
    """Call `listener` for every step of the readings of this process."""
    _listener.set(listener)


def step() -> None:
    """A page is done that took seconds to read."""
    listener = _listener.get()
    if listener:
        listener()
