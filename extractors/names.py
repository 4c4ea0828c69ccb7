"""Names: organisations, persons, places, ranks, specialities, certificates, awards, systems and forms, seen by a trained spaCy pipeline; the only
file that imports spaCy, and only once a name is asked for.

The pipeline proposes dates, amounts, quantities and documents too: where no pattern has read one, it is something for a person to look at.
`noticerules train` makes the model (extractors/data/names) of corpus/ner; docs/ner.md says how good it is. A stretch of text goes in without white
space and folded, as in training; the offsets that come out are those of the source.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from extractors.pattern import compiled, fold
from extractors.vocabulary import rows
from schemas.document import Span
from schemas.mention import Mention, MentionKind, NameKind

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc
    from spacy.tokens import Span as Tokens

NAMES: tuple[NameKind, ...] = get_args(NameKind)
PROPOSALS: dict[str, tuple[MentionKind, ...]] = {
    "date": ("date",),
    "money": ("money",),
    "quantity": ("quantity",),
    "document": ("title", "number"),
}
"""What the model calls a span of a core kind, and the kinds of mention that a pattern reads there."""

NESTED = ("place", "rank", "speciality", "organisation")
"""What stands inside other names: 温州市 in 温州市水利局."""

MODEL = Path(__file__).parent / "data" / "names"
"""The folder of the package's own model."""

MOST = 200_000
"""Characters of a text in which names are looked for: some twenty seconds' worth, and more than any notice has."""

Seen = tuple[int, int, str, str]
"""A name in a sentence: start, end, label, and the pattern that saw it."""

_SEGMENTS = "segments.txt"
_AT_ONCE = 64  # sentences
NESTED_KEY, VOCABULARY_KEY = "nested", "vocabulary"
"""Where a doc holds what the model saw inside names, and what the vocabularies see."""
_ROUNDS, _BATCH, _DROPOUT, _SEED = 12, 12, 0.2, 20
_FIRST_RATE, _LAST_RATE = 0.003, 0.0003  # how fast it learns, falling round by round
_WIDTH = 64
_COMMON = 100  # how often a word of jieba's dictionary was counted
_SHARED = {"@architectures": "spacy.Tok2VecListener.v1", "width": _WIDTH, "upstream": "tok2vec"}
COMPONENTS: dict[str, dict[str, Any]] = {
    "tok2vec": {
        "model": {
            "@architectures": "spacy.HashEmbedCNN.v2",
            "pretrained_vectors": None,
            "width": _WIDTH,
            "depth": 3,
            "embed_size": 2000,
            "window_size": 1,
            "maxout_pieces": 3,
            "subword_features": True,
        }
    },
    "ner": {
        "model": {
            "@architectures": "spacy.TransitionBasedParser.v2",
            "state_type": "ner",
            "extra_state_tokens": False,
            "hidden_width": 64,
            "maxout_pieces": 2,
            "use_upper": True,
            "nO": None,
            "tok2vec": _SHARED,
        }
    },
    "spancat": {
        "spans_key": NESTED_KEY,
        "threshold": 0.5,
        "suggester": {"@misc": "spacy.ngram_suggester.v1", "sizes": [1, 2, 3]},
        "model": {
            "@architectures": "spacy.SpanCategorizer.v1",
            "tok2vec": _SHARED,
            "reducer": {"@layers": "spacy.mean_max_reducer.v1", "hidden_size": 48},
            "scorer": {"@layers": "spacy.LinearLogistic.v1", "nO": None, "nI": None},
        },
    },
}

# a name ends in one of these, or holds a figure or a bracket: other sentences never reach the model; only a bare speciality (土木) has no sign
_SIGNS = (
    r"\d|《|[局厅部委办处科股院校会所站馆司团社]|中心|公司|政府|机构|单位|大学|[省市县区州镇乡路街]|[师员授级高初]|[专系]|[证照书]|[奖章赛]|[平台网]|系统|工程|表|联系人|"
    r"[一二三四五六七八九十两近](?:年|月|日|天|个|名|项|篇|份|次|寸|周)"
)


@dataclass(frozen=True)
class Marked:
    """A sentence without white space and its spans (start, end, label), also such as lie inside others."""

    text: str
    spans: tuple[tuple[int, int, str], ...]

    def outer(self) -> tuple[tuple[int, int, str], ...]:
        """The spans that no other one holds."""
        return tuple(s for s in self.spans if not any(o != s and o[0] <= s[0] and s[1] <= o[1] for o in self.spans))


def find_names(text: str, stretches: Iterable[Span]) -> list[Mention]:
    """The names in some stretches of a text, of which none counts behind the first MOST characters, by offset; `pattern` says who saw one: name.model, name.nested (inside another), name.vocabulary.

    The value is the name folded and without white space. Raises FileNotFoundError where the package lacks its model.
    """
    return _found(text, stretches, names_of)


def find_proposals(text: str, stretches: Iterable[Span]) -> list[Mention]:
    """Of the names in some stretches of a text those of PROPOSALS alone, as `find_names` has them, by the part of the pipeline that sees them."""
    return _found(text, stretches, _proposals_of)


def _found(text: str, stretches: Iterable[Span], see: Callable[[Sequence[str]], list[list[Seen]]]) -> list[Mention]:
    places: dict[str, list[list[int]]] = {}
    for span in stretches:
        if span.end > MOST:
            break
        at = [i for i in range(span.start, span.end) if not text[i].isspace()]
        words = fold("".join(text[i] for i in at))
        if may_hold_a_name(words):
            places.setdefault(words, []).append(at)
    out = []
    for words, found in zip(places, see(list(places)) if places else (), strict=True):
        for start, end, label, pattern in found:
            for at in places[words]:
                span = Span(at[start], at[end - 1] + 1)
                out.append(Mention(label, span, text[span.start : span.end], words[start:end], pattern))  # type: ignore[arg-type]  # labels are kinds
    return sorted(out, key=lambda mention: (mention.span.start, -mention.span.end))


def prepare() -> None:
    """Load what finds proposals, so that the first is found as fast as the next."""
    _proposing()


def may_hold_a_name(folded: str) -> bool:
    """Whether a sentence is worth the model's time."""
    return compiled(_SIGNS).search(folded) is not None


def names_of(sentences: Sequence[str]) -> list[list[Seen]]:
    """The names in each folded sentence without white space."""
    return [list(seen(doc)) for doc in _pipeline().pipe(sentences, batch_size=_AT_ONCE)]


def _proposals_of(sentences: Sequence[str]) -> list[list[Seen]]:
    return [[one for one in _outer(doc) if one[2] in PROPOSALS] for doc in _proposing().pipe(sentences, batch_size=_AT_ONCE)]


def seen(doc: "Doc") -> Iterator[Seen]:
    """What the model saw, what lies inside it, and words of the vocabularies where it saw nothing."""
    outer = _outer(doc)
    yield from outer
    taken = [(start, end) for start, end, *_ in outer]
    for span in apart(doc.spans[NESTED_KEY]):
        at = (span.start_char, span.end_char)
        if any(start <= at[0] and at[1] <= end and at != (start, end) for start, end in taken):
            yield *at, span.label_, "name.nested"
    for span in apart(doc.spans[VOCABULARY_KEY]):
        if all(span.end_char <= start or end <= span.start_char for start, end in taken):
            yield span.start_char, span.end_char, span.label_, "name.vocabulary"


def _outer(doc: "Doc") -> list[Seen]:
    return [(ent.start_char, ent.end_char, ent.label_, "name.model") for ent in doc.ents]


def apart(spans: Iterable["Tokens"]) -> list["Tokens"]:
    """The longest spans, none over another."""
    from spacy.util import filter_spans

    return filter_spans(list(spans))


# -- the pipeline


@cache
def _pipeline() -> "Language":
    return load(MODEL)


@cache
def _proposing() -> "Language":
    return _trained_pipeline(MODEL, ("tok2vec", "ner"))


def load(folder: Path) -> "Language":
    """The pipeline of a folder that `train` wrote. Raises FileNotFoundError where it is none."""
    nlp = _trained_pipeline(folder, tuple(COMPONENTS))
    ruler: Any = nlp.add_pipe("span_ruler", first=True, config={"spans_key": VOCABULARY_KEY})  # first: it runs all before it over its patterns
    ruler.add_patterns(list(_ruler_patterns()))
    return nlp


def _trained_pipeline(folder: Path, components: Sequence[str]) -> "Language":
    nlp = _blank((folder / _SEGMENTS).read_text(encoding="utf-8").splitlines(), components)
    for name in components:
        _trained(nlp, name).from_disk(folder / name, exclude=["vocab"])
    return nlp


def _blank(segments: Sequence[str], components: Sequence[str] = tuple(COMPONENTS)) -> "Language":
    """Segmentation and components, untrained: shared vectors, outer names, names inside names."""
    import spacy

    nlp = spacy.blank("zh")
    nlp.tokenizer = _Segmenter(nlp, segments)
    for name in components:
        nlp.add_pipe(name, config=COMPONENTS[name])
    return nlp


def _trained(nlp: "Language", name: str) -> Any:
    return nlp.get_pipe(name)


class _Segmenter:
    """jieba with a dictionary of our own: its usual one takes half a second to load and a file in the temporary folder.

    Words that are not in it fall into characters: a name may begin and end anywhere but inside a common word.
    """

    def __init__(self, nlp: "Language", segments: Sequence[str]) -> None:
        import jieba  # type: ignore[import-untyped]  # has no types

        self._vocab = nlp.vocab
        self._jieba = jieba.Tokenizer()
        self._jieba.FREQ, self._jieba.total = _prefixes(segments)
        self._jieba.initialized = True

    def __call__(self, text: str) -> "Doc":
        from spacy.tokens import Doc

        words = list(self._jieba.cut(text, HMM=False))
        return Doc(self._vocab, words=words, spaces=[False] * len(words))


def _prefixes(segments: Sequence[str]) -> tuple[dict[str, int], int]:
    """What jieba makes of a dictionary: the frequency of each word, 0 for what only begins one."""
    frequencies = {}
    for line in segments:
        word, _, frequency = line.partition(" ")
        frequencies[word] = int(frequency)
    longest = max(map(len, frequencies))
    return {word[:end]: 0 for end in range(1, longest) for word in frequencies} | frequencies, sum(frequencies.values())


def _ruler_patterns() -> Iterator[dict[str, Any]]:
    """Words of the vocabularies, and offices by how they begin and end: 青岛市 … 局."""
    for row in rows("levels.tsv"):
        for spelling in row["spellings"].split("|"):
            yield {"label": "rank", "pattern": spelling}
    for row in rows("names.tsv"):
        for word in filter(None, row["words"].split("|")):
            yield {"label": row["label"], "pattern": word}
        if row["endings"]:
            ending = {"TEXT": {"REGEX": f"(?:{row['endings']})$"}}
            yield {
                "label": row["label"],
                "pattern": [{"TEXT": {"REGEX": row["beginnings"]}}, {"TEXT": {"REGEX": "^[^\\W\\d_]+$"}, "OP": "{0,3}"}, ending],
            }


# -- training


def train(examples: Sequence[Marked], folder: Path, tell: Callable[[int, int], None] = lambda *_: None) -> None:
    """Write a pipeline that learnt from marked sentences; the same sentences give the same files. `tell` hears which round of how many begins."""
    import random

    from spacy.training import Example
    from thinc.api import fix_random_seed

    fix_random_seed(_SEED)
    segments = _segments()
    nlp = _blank(segments)
    gold = [Example(nlp.make_doc(marked.text), _marked_doc(nlp, marked)) for marked in examples]
    learning = nlp.initialize(lambda: gold)
    shuffled, chance = list(gold), random.Random(_SEED)
    for turn in range(_ROUNDS):
        tell(turn + 1, _ROUNDS)
        learning.learn_rate = _FIRST_RATE + (_LAST_RATE - _FIRST_RATE) * turn / (_ROUNDS - 1)
        chance.shuffle(shuffled)
        for at in range(0, len(shuffled), _BATCH):
            nlp.update(shuffled[at : at + _BATCH], drop=_DROPOUT, sgd=learning)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / _SEGMENTS).write_text("\n".join(segments) + "\n", encoding="utf-8")
    for name in COMPONENTS:
        _trained(nlp, name).to_disk(folder / name, exclude=["vocab"])


def _marked_doc(nlp: "Language", marked: Marked) -> "Doc":
    """The sentence as the model should see it. A name that begins or ends inside a word takes the word in; inside names there is no room for that."""
    doc = nlp.make_doc(marked.text)
    widened = [doc.char_span(*span, alignment_mode="expand") for span in marked.outer()]
    doc.ents = apart(span for span in widened if span is not None)
    nested = [doc.char_span(*span) for span in marked.spans if span not in marked.outer() and span[2] in NESTED]
    doc.spans[NESTED_KEY] = [span for span in nested if span is not None]
    return doc


def _segments() -> list[str]:
    """The commoner words of jieba's dictionary, as lines of word and frequency."""
    import jieba

    with jieba.get_module_res("dict.txt") as lines:
        entries = [line.decode("utf-8").split(" ") for line in lines]
    return [f"{word} {frequency}" for word, frequency, *_ in entries if int(frequency) >= _COMMON and len(word) <= 4]
