"""Names are looked for beside the rest: spaCy takes a second to load, in which the notice is read and its rules are made.

A `Namer` is asked with a text and stretches of it, and answers when its answer is called for.
"""

import signal
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from multiprocessing import active_children, get_context
from typing import Self

from extractors.names import find_names, prepare
from pipeline.readers.guard import nobodys_main
from schemas.document import Span
from schemas.mention import Mention

Namer = Callable[[str, Sequence[Span]], Callable[[], list[Mention]]]


def in_process(text: str, stretches: Sequence[Span]) -> Callable[[], list[Mention]]:
    """The names of a text, found when they are called for."""
    return partial(find_names, text, stretches)


class Beside:
    """A Namer with a process of its own, which loads the model from the start; a context manager, for the process ends with it."""

    def __enter__(self) -> Self:
        # the parent ends the process, Ctrl+C does not; what it runs lies in extractors.names alone, so that it loads nothing else
        self._pool = ProcessPoolExecutor(1, get_context("spawn"), initializer=signal.signal, initargs=(signal.SIGINT, signal.SIG_IGN))
        others = active_children()
        with nobodys_main():
            self._pool.submit(prepare)
        self._workers = [child for child in active_children() if child not in others]
        return self

    def __exit__(self, *error: object) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)
        for worker in self._workers:
            worker.terminate()  # it may still be loading what nobody asks for any more

    def __call__(self, text: str, stretches: Sequence[Span]) -> Callable[[], list[Mention]]:
        try:
            answer = self._pool.submit(find_names, text, stretches)
        except BrokenProcessPool:
            return in_process(text, stretches)
        return partial(_answer, answer, text, stretches)


def _answer(answer: "Future[list[Mention]]", text: str, stretches: Sequence[Span]) -> list[Mention]:
    try:
        return answer.result()
    except BrokenProcessPool:  # the system took it: the names are still to be found
        return find_names(text, stretches)
