"""How well names are seen: by the vocabularies and patterns alone, by the model alone, and by both.

    python -m benchmarks.names [FILE.marked …] [--jobs 2] [--list]

Without a file every notice of corpus/ner is judged by a model that learnt from the others (leave one out). Files, marked the same way and kept
elsewhere, are judged by the model of the package. A name counts as right with its exact bounds and its label; a date, amount, quantity or document as
right where it meets one of its kind, because patterns and people bound them differently.
"""

import argparse
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from extractors import names
from extractors.find import find_mentions
from extractors.names import NESTED_KEY, PROPOSALS, VOCABULARY_KEY, Marked
from pipeline.training import LABELS, made_sentences, marked_notices, read_marked

CORPUS = Path("corpus/ner")
WAYS = ("rules", "model", "both")
INSIDE = " (inside)"  # a name within another is a line of its own
Spans = set[tuple[int, int, str]]
Counts = Counter[tuple[str, str, str]]
"""right, found and gold by way and label."""


def predictions(nlp: "names.Language", sentence: str) -> dict[str, Spans]:
    """What each way sees in a sentence."""
    doc = nlp(sentence)
    model = {(ent.start_char, ent.end_char, ent.label_) for ent in doc.ents}
    words = {(span.start_char, span.end_char, span.label_) for span in names.apart(doc.spans[VOCABULARY_KEY])}
    kinds = {kind: label for label, of in PROPOSALS.items() for kind in of}
    patterns = {(m.span.start, m.span.end, kinds[m.kind]) for m in find_mentions(sentence) if m.kind in kinds}
    # a title read by a pattern is a form of the vocabulary too: 《评审表》
    rules = patterns | {word for word in words if word[2] not in PROPOSALS}
    inside = {(span.start_char, span.end_char, span.label_ + INSIDE) for span in names.apart(doc.spans[NESTED_KEY]) if _held(span, model)}
    both = model | {rule for rule in rules if not any(rule[0] < seen[1] and seen[0] < rule[1] for seen in model)}
    return {"rules": rules, "model": model | inside, "both": both | inside}


def _held(span: "names.Tokens", outer: Spans) -> bool:
    return any(o[0] <= span.start_char and span.end_char <= o[1] and (o[0], o[1]) != (span.start_char, span.end_char) for o in outer)


def judged(nlp: "names.Language", sentences: Iterable[Marked]) -> tuple[Counts, list[str]]:
    """Counts over marked sentences, and what the model missed or made up, a line each."""
    counts: Counts = Counter()
    misses = []
    for marked in sentences:
        outer = set(marked.outer())
        gold = outer | {(s, e, label + INSIDE) for s, e, label in marked.spans if (s, e, label) not in outer and label in names.NESTED}
        for way, found in predictions(nlp, marked.text).items():
            right = {span for span in found if _right(span, gold)}
            counts.update(("gold", way, span[2]) for span in gold)
            counts.update(("found", way, span[2]) for span in found)
            counts.update(("right", way, span[2]) for span in right)
            counts.update(("reached", way, span[2]) for span in gold if _right(span, found))
            if way == "model":
                misses += [f"  + {marked.text[s:e]} {label}" for s, e, label in sorted(found - right)]
                misses += [f"  - {marked.text[s:e]} {label}" for s, e, label in sorted(gold) if not _right((s, e, label), found)]
    return counts, misses


def _right(span: tuple[int, int, str], others: Spans) -> bool:
    if span[2] not in PROPOSALS:
        return span in others
    return any(other[2] == span[2] and other[0] < span[1] and span[0] < other[1] for other in others)


def left_out(name: str) -> tuple[Counts, list[str]]:
    """A notice of the corpus, judged by a model that learnt from the others and from what is made."""
    notices = marked_notices(CORPUS)
    rest = [marked for other, sentences in notices.items() if other != name for marked in sentences]
    with tempfile.TemporaryDirectory() as folder:
        names.train([*rest, *made_sentences(CORPUS)], Path(folder))
        return judged(names.load(Path(folder)), notices[name])


def table(counts: Counts) -> Iterator[str]:
    """A line a label, precision, recall and F1 of each way; names first, the core kinds below."""
    yield f"{'':22}{'marked':>7} " + "".join(f"{way:>22}" for way in WAYS)
    labels = [label for label in LABELS if label not in PROPOSALS]
    inside = [label + INSIDE for label in names.NESTED]
    for label in labels:
        yield _line(counts, label, (label,))
    yield _line(counts, "names", labels)
    for label in inside:
        yield _line(counts, label, (label,))
    for label in PROPOSALS:
        yield _line(counts, label, (label,))


def _line(counts: Counts, title: str, labels: Sequence[str]) -> str:
    def total(what: str, way: str) -> int:
        return sum(counts[what, way, label] for label in labels)

    cells = []
    for way in WAYS:
        found, gold = total("found", way), total("gold", way)
        precision = total("right", way) / found if found else 1.0
        recall = total("reached", way) / gold if gold else 1.0
        f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
        cells.append(f"{precision:8.3f}{recall:7.3f}{f1:7.3f}")
    return f"{title:22}{total('gold', 'model'):7} " + "".join(cells)


def _of_files(files: Sequence[Path]) -> Iterator[tuple[str, tuple[Counts, list[str]]]]:
    nlp = names.load(names.MODEL)
    for file in files:
        yield file.stem, judged(nlp, read_marked(file))


def _left_out_in_turn(jobs: int) -> Iterator[tuple[str, tuple[Counts, list[str]]]]:
    titles = list(marked_notices(CORPUS))
    with ProcessPoolExecutor(jobs) as pool:
        yield from zip(titles, pool.map(left_out, titles), strict=True)


def main(argv: Sequence[str]) -> int:
    """Print the tables."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.names", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("files", type=Path, nargs="*", metavar="FILE.marked")
    parser.add_argument("--jobs", type=int, default=2, help="models trained at a time")
    parser.add_argument("--list", action="store_true", help="print what the model missed (-) and made up (+)")
    options = parser.parse_args(argv)
    total: Counts = Counter()
    for title, (counts, misses) in _of_files(options.files) if options.files else _left_out_in_turn(options.jobs):
        total += counts
        print(f"{title}: {_line(counts, 'names', [label for label in LABELS if label not in PROPOSALS])}", flush=True)
        if options.list:
            print(*misses, sep="\n")
    print(*table(total), sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
