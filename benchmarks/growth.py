"""Does the cost of a notice grow with its length, or faster?

    python -m benchmarks.growth [--sizes 10 30 100 300 1000 3000 10000] [--most 600] [--plot benchmarks/growth.png]

Puts the published notice of the longest lines (no text of more than 100,000 is read) behind itself until the text has so many kilobytes (UTF-8), and prints for each size the processor seconds from text to
finished ruleset without names, characters a second, the cost of a character beside that of the smallest size, and the most memory that the process has taken. A size
that would take more than --most seconds, as the one before tells, is left out and said so. --plot draws the cost over the length.
"""

import argparse
import resource
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.extract import published
from pipeline.build import build_from_document
from pipeline.processes import set_up
from pipeline.readers.txt import read_txt

TARGET = 1.1  # the cost of a character at 1 MB beside that at 10 kB
WIDTH, HEIGHT, EDGE = 1000, 480, 80


def measure(kilobytes: int, runs: int) -> tuple[int, float]:
    """Characters, and the least processor seconds of several runs."""
    text = max((path.read_bytes() for path in published()), key=lambda text: len(text) / text.count(b"\n"))
    data = (text + b"\n") * max(1, round(kilobytes * 1000 / len(text))) if kilobytes * 1000 >= len(text) else text[: kilobytes * 1000]
    document = read_txt(data.decode(errors="ignore").encode(), "a.txt")
    took = []
    for _ in range(runs):
        begun = time.process_time()
        build_from_document(document, names=None)
        took.append(time.process_time() - begun)
    return len(document.text), min(took)


def plot(rows: Sequence[tuple[int, float]], path: Path) -> None:
    """The relative cost of a character over the length, both axes labelled; the target is a line."""
    from PIL import Image, ImageDraw, ImageFont

    image = Image.new("RGB", (WIDTH, HEIGHT), "white")
    draw, font = ImageDraw.Draw(image), ImageFont.load_default(16)
    top = max(2.0, *(cost for _, cost in rows)) * 1.1

    def at(index: int, cost: float) -> tuple[float, float]:
        return EDGE + index * (WIDTH - 2 * EDGE) / max(len(rows) - 1, 1), HEIGHT - EDGE - cost / top * (HEIGHT - 2 * EDGE)

    for line in (step / 2 for step in range(int(top * 2) + 1)):
        draw.line([at(0, line), at(len(rows) - 1, line)], fill="#dddddd")
        draw.text((16, at(0, line)[1] - 9), f"{line:.1f} x", fill="black", font=font)
    draw.line([at(0, TARGET), at(len(rows) - 1, TARGET)], fill="#c0392b", width=2)
    draw.text((EDGE + 20, at(0, TARGET)[1] - 44), f"target {TARGET} x", fill="#c0392b", font=font)
    points = [at(index, cost) for index, (_, cost) in enumerate(rows)]
    draw.line(points, fill="#1f5fa8", width=3)
    for (x, y), (characters, cost) in zip(points, rows, strict=True):
        draw.ellipse((x - 5, y - 5, x + 5, y + 5), fill="#1f5fa8")
        draw.text((x - 16, y + 10), f"{cost:.2f}", fill="#1f5fa8", font=font)
        draw.text((x - 36, HEIGHT - EDGE + 12), f"{characters:,}", fill="black", font=font)
    draw.text((EDGE, 20), "Cost of a character, text to ruleset, beside the shortest notice", fill="black", font=font)
    draw.text((WIDTH // 2 - 100, HEIGHT - 32), "characters of the notice", fill="black", font=font)
    image.save(path)


def main(argv: Sequence[str]) -> int:
    """Measure, print, draw; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.growth", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=[10, 30, 100, 300, 1000, 3000, 10000], metavar="KB")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--most", type=float, default=600, metavar="SECONDS", help="that one size may take")
    parser.add_argument("--plot", type=Path, metavar="FILE.png")
    options = parser.parse_args(argv)
    set_up()
    measure(options.sizes[0], 3)  # expressions are compiled
    rows: list[tuple[int, float]] = []
    first = a_kilobyte = 0.0
    for size in options.sizes:
        if a_kilobyte * size > options.most:
            print(f"{size:>7,} kB  left out: some {a_kilobyte * size:,.0f} s")
            continue
        characters, took = measure(size, options.runs if size < 1000 else 1)
        first, a_kilobyte = first or took / characters, took / size
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        rows.append((characters, took / characters / first))
        print(
            f"{size:>7,} kB  {characters:>10,} characters  {took:8.2f} s  {characters / took:10,.0f} characters/s  {rows[-1][1]:5.2f} x  {memory:7,.0f} MB",
            flush=True,
        )
    if options.plot:
        plot(rows, options.plot)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
