"""Names are looked for beside the rest: spaCy takes a second to load, in which the notice is read and its rules are made.

A `Namer` is asked with a text and stretches of it, and answers when its answer is called for. What it looks for is what `extractors.names` proposes.
"""

import signal
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Self

from pipeline.processes import nobodys_main, set_up

if TYPE_CHECKING:  # a process beside is started before any of this is loaded
    from concurrent.futures import Future

    from schemas.document import Span
    from schemas.mention import Mention

Namer = Callable[[str, "Sequence[Span]"], Callable[[], "list[Mention]"]]


def in_process(text: str, stretches: "Sequence[Span]") -> "Callable[[], list[Mention]]":
    """The names of a text, found when they are called for."""
    return partial(_proposals, text, stretches)


class Beside:
    """A Namer with a process of its own, which loads the model from the start; a context manager, for the process ends with it."""

    def __enter__(self) -> Self:
        from concurrent.futures import ProcessPoolExecutor
        from multiprocessing import active_children, get_context

        self._pool = ProcessPoolExecutor(1, get_context("spawn"), initializer=_begin)
        others = active_children()
        with nobodys_main():
            self._pool.submit(_prepare)
        self._workers = [child for child in active_children() if child not in others]
        return self

    def __exit__(self, *error: object) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)
        for worker in self._workers:
            worker.terminate()  # it may still be loading what nobody asks for any more

    def __call__(self, text: str, stretches: "Sequence[Span]") -> "Callable[[], list[Mention]]":
        from concurrent.futures.process import BrokenProcessPool

        if not stretches:
            return list
        try:
            answer = self._pool.submit(_proposals, text, stretches)
        except BrokenProcessPool:
            return in_process(text, stretches)
        return partial(_answer, answer, text, stretches)


def _answer(answer: "Future[list[Mention]]", text: str, stretches: "Sequence[Span]") -> "list[Mention]":
    from concurrent.futures.process import BrokenProcessPool

    try:
        return answer.result()
    except BrokenProcessPool:  # the system took it: the names are still to be found
        return _proposals(text, stretches)


def _begin() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent ends the process, Ctrl+C does not
    set_up()


def _prepare() -> None:
    from extractors.names import prepare

    prepare()


def _proposals(text: str, stretches: "Sequence[Span]") -> "list[Mention]":
    from extractors.names import find_proposals

    return find_proposals(text, stretches)
