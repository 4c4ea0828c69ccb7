"""Files that something has gnawed at, over the whole way from bytes to ruleset: nothing may crash, hang, grow slow or lose its offsets.

    python tests/fuzz.py [--seconds 60] [--seed N] [--keep tests/data/fuzz]

Gnaws at the notices of the corpus for so long, gives each one to a guarded worker, and keeps every input that broke something under the name of
its reader, with its kind of fault on standard output; exit code 1 where there was one. `tests/test_fuzz.py` gives all that was ever kept to the program
again, and gnaws with fixed seeds.
"""

import argparse
import hashlib
import io
import random
import sys
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from pipeline.build import build_from_document
from pipeline.errors import ReadError
from pipeline.readers.guard import Guard, Limits
from pipeline.readers.read import read_bytes

CORPUS = Path(__file__).parent.parent / "corpus"
FOUND = Path(__file__).parent / "data" / "fuzz"
"""Inputs that once broke something: a file each, with its reader's suffix."""
LIMITS = Limits(seconds=60, memory=1 * 2**30)
SLOW = 2.0, 0.0005
"""Processor seconds that any notice may take, and what each of its characters may add: many times what whole ones cost."""
BROKEN = ("read.crashed", "read.timed_out", "read.out_of_memory")
PIECES = (
    "（",
    "）",
    "〔",
    "《",
    "》",
    "“",
    "、",
    "，",
    "。",
    "；",
    "：",
    "/",
    "—",
    "~",
    "%",
    "①",
    "\n",
    "\t",
    " ",
    "\u3000",
    "\u200b",
    "\U00020000",
    "\x00",
)
WORDS = ("2023年", "5月", "3日", "前", "以上", "不少于", "每人", "180元", "第二条", "附件1", "一、", "（二）", "工程师", "或者", "的", "除外", "其中")

Gnaw = Callable[[bytes, random.Random], bytes]


def flipped(data: bytes, dice: random.Random) -> bytes:
    """Some bits the other way."""
    out = bytearray(data)
    for _ in range(dice.randint(1, 30)):
        out[dice.randrange(len(out))] ^= 1 << dice.randrange(8)
    return bytes(out)


def cut(data: bytes, dice: random.Random) -> bytes:
    """The end lost."""
    return data[: dice.randrange(len(data))]


def doubled(data: bytes, dice: random.Random) -> bytes:
    """A piece repeated."""
    start, length = dice.randrange(len(data)), dice.randint(1, 2000)
    return data[:start] + data[start : start + length] * dice.randint(2, 20) + data[start + length :]


def swapped(data: bytes, dice: random.Random) -> bytes:
    """Beginning and end changed over."""
    a, b = sorted((dice.randrange(len(data)), dice.randrange(len(data))))
    return data[b:] + data[a:b] + data[:a]


def spliced(data: bytes, dice: random.Random) -> bytes:
    """A piece of another notice, of any format, in the place of a piece."""
    other = dice.choice(seeds(dice.choice(SUFFIXES)))
    start, length, at = dice.randrange(len(data)), dice.randint(1, 4000), dice.randrange(len(other))
    return data[:start] + other[at : at + dice.randint(1, 4000)] + data[start + length :]


def reworded(data: bytes, dice: random.Random) -> bytes:
    """Characters of the text lost, moved, repeated and put in: the notice still decodes, whatever it says. A package is gnawed at in its parts."""
    if data[:2] == b"PK":
        return _repacked(data, dice)
    text = data.decode("utf-8", "replace")
    for _ in range(dice.randint(1, 60)):
        at, length = dice.randrange(len(text) + 1), dice.choice((1, 1, 2, 5, 30, 200))
        piece = text[at : at + length]
        put = dice.choice(
            ("", piece * dice.choice((2, 3, 50)), dice.choice(PIECES) * dice.choice((1, 1, 2, 300)), "".join(dice.choices(WORDS, k=3)), piece[::-1])
        )
        text = text[:at] + put + text[at + length :]
    return text[:60_000].encode("utf-8", "replace")


def _repacked(data: bytes, dice: random.Random) -> bytes:
    """The parts of a package gnawed at and packed again, so that their sums are right."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as package, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        names = package.namelist()
        gnawed = {dice.choice(names), *(name for name in names if name.endswith("document.xml") and dice.random() < 0.8)}
        for name in names:
            part = package.read(name)
            made.writestr(name, dice.choice((flipped, doubled, swapped, _rearranged))(part, dice) if name in gnawed and part else part)
    return out.getvalue()


def _rearranged(part: bytes, dice: random.Random) -> bytes:
    """Elements of XML taken out, repeated and changed over whole, so that it stays XML for the most part."""
    elements = part.split(b"<w:p")
    for _ in range(dice.randint(1, 20)):
        a, b = dice.randrange(len(elements)), dice.randrange(len(elements))
        elements[a : a + 1] = dice.choice(([], [elements[a]] * 3, [elements[b]], [elements[b], elements[a]])) or [b""]
    return b"<w:p".join(elements)


GNAWS: tuple[Gnaw, ...] = (flipped, cut, doubled, swapped, spliced, reworded)
SUFFIXES = (".txt", ".docx", ".pdf", ".html")


@cache
def seeds(suffix: str) -> tuple[bytes, ...]:
    """The notices of the corpus in a format; as pages they are made here."""
    if suffix == ".html":
        return tuple(_page(text.decode()) for text in seeds(".txt"))
    return tuple(path.read_bytes() for path in sorted(CORPUS.rglob(f"[12]*{suffix}")) if path.stat().st_size < 400_000)


def _page(text: str) -> bytes:
    rows = "".join(f"<tr><td>{number}<td colspan=2>{line}</tr>" for number, line in enumerate(text.split("\n")[20:30]))
    lines = "".join(f"<p style='text-indent:2em'>{line}</p>\n" for line in text.split("\n"))
    return f"<!DOCTYPE html><html><head><meta charset=utf-8><title>通知</title></head><body>{lines}<table>{rows}</table></body></html>".encode()


def gnawed(seed: object, suffix: str, gnaw: Gnaw) -> bytes:
    """One input, always the same for the same arguments."""
    dice = random.Random(f"{seed} {suffix} {gnaw.__name__}")
    return gnaw(dice.choice(seeds(suffix)), dice)


def examine(question: dict[str, Any], data: bytes) -> dict[str, Any]:
    """What a worker does with a gnawed file: everything, and then a look at offsets and time. Raises ReadError as reading does."""
    begun = time.process_time()
    ruleset = build_from_document(read_bytes(data, question["file"]))
    took = time.process_time() - begun
    for rule in ruleset.rules:
        for one in rule.evidence:
            assert ruleset.text[one.start : one.end] == one.quote, f"{rule.key}: {one.quote!r} does not stand at {one.start}"
    ruleset.to_json()
    return {"seconds": took, "characters": len(ruleset.text)}


def fault(guard: Guard, data: bytes, file: str) -> str | None:
    """What is wrong with the way that a file took through the program; null where it was read, or refused with a reason."""
    try:
        answer = guard.ask({"file": file}, data, file)
    except ReadError as error:
        return "\n".join([str(error), *getattr(error, "__notes__", ())]) if error.code in BROKEN else None
    limit = SLOW[0] + SLOW[1] * answer["characters"]
    return f"{answer['seconds']:.1f} s for {answer['characters']} characters" if answer["seconds"] > limit else None


def gnaw_on(guard: Guard, until: float, seed: int) -> Iterator[tuple[str, str, bytes, str | None]]:
    """Inputs until the clock says so: what was done, the file's suffix, its bytes, and what was wrong."""
    for number in range(sys.maxsize):
        for suffix in SUFFIXES:
            for gnaw in GNAWS:
                if time.monotonic() > until:
                    return
                data = gnawed(f"{seed}/{number}", suffix, gnaw)
                yield gnaw.__name__, suffix, data, fault(guard, data, f"a{suffix}")


def main(argv: Sequence[str]) -> int:
    """Gnaw, keep what broke something, count; 1 where anything did."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=None, help="another run with the same one makes the same inputs (default: a fresh one)")
    parser.add_argument("--keep", type=Path, metavar="DIR", default=FOUND)
    options = parser.parse_args(argv)
    seed = random.SystemRandom().randrange(10**9) if options.seed is None else options.seed
    print(f"seed {seed}", flush=True)
    counted: Counter[str] = Counter()
    found = 0
    with Guard(LIMITS, examine) as guard:
        for name, suffix, data, wrong in gnaw_on(guard, time.monotonic() + options.seconds, seed):
            counted[f"{name} {suffix}"] += 1
            if wrong is not None:
                found += 1
                kept = options.keep / f"{hashlib.sha256(data).hexdigest()[:12]}{suffix}"
                options.keep.mkdir(parents=True, exist_ok=True)
                kept.write_bytes(data)
                print(f"{kept}: {name}: {wrong}", flush=True)
    print(f"{counted.total()} inputs, {found} broke something; fewest of a kind: {min(counted.values(), default=0)}")
    return 1 if found else 0


if __name__ == "__main__":
    from fuzz import main as named  # a worker finds `examine` by the name of its module, and `__main__` is nobody's

    sys.exit(named(sys.argv[1:]))
