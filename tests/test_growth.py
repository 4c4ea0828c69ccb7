"""Cost grows with the length of a notice, not with its square. Processor time, so that a busy machine fails nothing; room for its noise."""

import time
from pathlib import Path

from pipeline.build import build_from_document
from pipeline.readers.txt import read_txt

NOTICE = Path(__file__).parent.parent / "corpus" / "wenzhou-water-engineer" / "2023.txt"


def seconds_a_character(times: int) -> float:
    document = read_txt((NOTICE.read_bytes() + b"\n") * times, "a.txt")
    begun = time.process_time()
    build_from_document(document)
    return (time.process_time() - begun) / len(document.text)


def test_twenty_times_the_length_costs_no_more_a_character() -> None:
    seconds_a_character(1)  # expressions are compiled
    once = min(seconds_a_character(1) for _ in range(5))
    assert seconds_a_character(20) < 2 * once
