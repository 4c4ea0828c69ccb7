"""How fast peers find dates, amounts and numbers in the texts that `benchmarks.extract` measures, in one run with ours.

    python -m venv peers && peers/bin/pip install jionlp recognizers-text-suite
    python -m benchmarks.peers --python peers/bin/python [--runs N]

The peers stay in an environment of their own: their dependencies are not ours. Each is fed the same texts and prints characters a processor second.
What each finds differs: JioNLP dates and money, Microsoft Recognizers-Text numbers, units, dates and addresses, we these and titles and document numbers.
"""

import argparse
import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

CODE = """
import json, sys, time
texts = json.load(sys.stdin)
def jionlp():
    import jionlp
    return lambda text: (jionlp.ner.extract_time(text), jionlp.ner.extract_money(text))
def recognizers():
    from recognizers_date_time import recognize_datetime
    from recognizers_number import recognize_number, recognize_percentage
    from recognizers_number_with_unit import recognize_currency, recognize_dimension
    models = [recognize_number, recognize_percentage, recognize_currency, recognize_dimension, recognize_datetime]
    return lambda text: [model(text, "zh-cn") for model in models]
def ours():
    from extractors.find import find_mentions
    return find_mentions
work = {"jionlp": jionlp, "recognizers": recognizers, "ours": ours}[sys.argv[1]]()
work(texts[0][:300])
best = None
for _ in range(int(sys.argv[2])):
    begun = time.process_time()
    for text in texts:
        work(text)
    took = time.process_time() - begun
    best = took if best is None else min(best, took)
print(sum(map(len, texts)) / best)
"""


def main(argv: Sequence[str]) -> int:
    """Measure and print; returns the exit code."""
    from benchmarks.extract import published
    from pipeline.readers.read import read

    parser = argparse.ArgumentParser(prog="python -m benchmarks.peers", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--python", type=Path, required=True, help="the interpreter of the peers' environment")
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args(argv)
    texts = json.dumps([read(path).text for path in published()])
    speeds: dict[str, float] = {}
    for name, python in (("ours", sys.executable), ("jionlp", str(options.python)), ("recognizers", str(options.python))):
        done = subprocess.run([python, "-c", CODE, name, str(options.runs)], input=texts, capture_output=True, text=True, check=False)
        if done.returncode:
            print(f"{name:12} does not run: {(done.stderr.strip().splitlines() or ['?'])[-1]}")
            continue
        speeds[name] = float(done.stdout.splitlines()[-1])
        print(f"{name:12} {speeds[name]:12,.0f} characters/s  {speeds['ours'] / speeds[name]:6.1f} x slower than ours", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
