"""Points of a scoring form: a cell of points with the line that it is given for, outermost first; bands of years; ticks beside points."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from itertools import groupby

from extractors.numerals import plain
from extractors.pattern import compiled, fold
from pipeline.rules.clauses import in_body
from pipeline.rules.draft import Draft, Proof
from pipeline.scope import scope_of
from pipeline.statements import Reading, Sentence
from schemas.document import Cell, Span, Table
from schemas.ruleset import Scope
from schemas.values import Band, Banded, Quantity, Value

SUBJECT = "得分"
LEAST_GROUP = 5  # 科研10 is a group with its most points, 推荐人1 a number of persons
_FORM = r"得分|分值|评分|小计|计分|赋分|记分|标准分|满分"
_POINTS_HEAD = r"^(?:分值|得?分数?|标准分|满分|计分|赋分|评分|最高分|基础分|分值[(（].*|参考分值|每项分值)$"
_TO_REACH = r"规定分值|合格|达标|分数线|最低分|入围|系数|权重|比重"
_N = r"\d{1,3}(?:\.\d{1,2})?"
_TICK = r"[(□☐○〇√]"
_POINTS_ONLY = rf"(?:{_N}[ ]?{_TICK}?)+|{_N}[-~]{_N}"
_BAND = rf"(?P<low>\d{{1,3}})(?:[ ]?[-~至][ ]?(?P<high>\d{{1,3}}))?[ ]?(?P<unit>年|项|篇|次|学时|岁|人)(?P<open>以上|及以上|以下|及以下|以内)?[ ]*[:]?[ ]*(?P<points>{_N})[ ]?(?:分|{_TICK})"
_LABELLED = rf"(?P<label>[\p{{Han}}()、/]{{2,20}}?)[ ]?(?P<n>{_N})[ ]?(?:分[ ]?)?(?:/[ ]?(?P<per>项|篇|次|年|个|部|人))?[ ]?{_TICK}?"
_NAMING = r"^(?!(?:项|分|个|人)$).*(?:\p{Han}{2}|\p{Han}$)"  # a unit alone names no line
_SAID = rf"(?:得|计|加|记|赋|可得|各计|各加)[ ]?(?P<n>{_N})[ ]?分"


def score_rules(reading: Reading) -> Iterator[Draft]:
    """Every score of a notice: the cells of its scoring forms, and 计10分 in sentences under a heading of scoring."""
    for table in reading.document.tables:
        words = fold(reading.document.text[table.start : table.end])
        if compiled(_FORM).search(words) and not compiled(r"规定分值").search(words):
            scoped = scope_of(reading, reading.sentence_at(table.start), Span(table.start, table.start + 1))
            for draft in _Form(reading, table).drafts():
                yield replace(draft, scope=draft.scope.merged(scoped.scope))
    for sentence in reading.holding(r"[得计加记赋][ ]?\d"):
        if (
            sentence.cell is None
            and in_body(reading, sentence)
            and any(compiled(r"评分|赋分|计分|量化").search(s.heading) for s in reading.outline.path(sentence.section))
        ):
            yield from _said(reading, sentence)


def _draft(span: Span, items: tuple[str, ...], value: Value, *reasons: str) -> Draft:
    return Draft("score", SUBJECT, value, (Proof(span, "score.points"),), Scope(items=items or None), reasons=reasons)


def _points(number: str, op: str = "=") -> Quantity:
    return Quantity.model_validate({"op": op, "number": number, "unit": "分"})


class _Form:
    """A scoring form with the words of its cells."""

    def __init__(self, reading: Reading, table: Table) -> None:
        self.table = table
        self.text = reading.document.text
        self.rows: dict[int, list[Cell]] = defaultdict(list)
        """The cells of a row, those that a merge brings down into it included."""
        for cell in table.cells:
            for row in range(cell.row, cell.row + cell.rows):
                self.rows[row].append(cell)
        self._words = {c.start: fold("".join(self.text[c.start : c.end].split())) for c in table.cells}
        self._naming = {start for start, words in self._words.items() if compiled(_NAMING).search(words)}
        self._banded = {c.start for c in table.cells if compiled(_BAND).search(fold(self.text[c.start : c.end]))}
        self.head = min((c.row for c in table.cells if compiled(_POINTS_HEAD).match(self.words(c))), default=None)
        self.shifted = {points: label for row in range(1, table.height) for points, label in self._shifted(row).items()}

    def words(self, cell: Cell | None) -> str:
        return self._words[cell.start] if cell is not None else ""

    def drafts(self) -> Iterator[Draft]:
        for _, row in groupby((c for c in self.table.cells if self.text[c.start : c.end].strip()), key=lambda c: c.row):
            cells = list(row)
            yield from self._bands(cells)
            for cell in cells:
                yield from self._cell(cell)

    def _bands(self, cells: list[Cell]) -> Iterator[Draft]:
        """6-10年 2, 11-15年 4: the bands of a row are one rule."""
        bands, spans = [], []
        for cell in cells:
            for found in compiled(_BAND).finditer(fold(self.text[cell.start : cell.end])):
                bands.append(_band(found["low"], found["high"], found["open"], found["unit"], found["points"]))
                spans.append(Span(cell.start + found.start(), cell.start + found.end()))
        if bands:
            bands.sort(key=lambda band: float(band.start or 0))
            first = next(c for c in cells if c.start <= spans[0].start < c.end)
            yield Draft(
                "score",
                SUBJECT,
                Banded(bands=tuple(bands)),
                tuple(Proof(s, "score.band") for s in spans),
                Scope(items=self._items(first) or None),
                reasons=("table-cell",),
            )

    def _cell(self, cell: Cell) -> Iterator[Draft]:
        text = fold(self.text[cell.start : cell.end])
        if self._has_band(cell) or self.head is not None and cell.row < self.head or compiled(r"%|签名|年[ ]*月").search(text):
            return
        lone = compiled(rf"[ \n]*(?P<n>{_N})(?:[ ]?分)?[ \n]*").fullmatch(text)
        reach = compiled(rf"[ ]*(?P<low>{_N})[ ]?[-~][ ]?(?P<high>{_N})(?:[ ]?分)?[ ]*").fullmatch(text)
        ticked = list(compiled(rf"(?P<n>{_N})[ ]*{_TICK}").finditer(text))
        if lone and self._under_points(cell):
            yield _draft(Span(cell.start + lone.start("n"), cell.start + lone.end("n")), self._items(cell), _points(lone["n"]), "table-cell")
        elif reach and (reach["low"] == "0" or self._under_points(cell) or self._above(cell)):
            span = Span(cell.start + reach.start("low"), cell.start + reach.end("high"))
            if float(reach["low"]):
                yield _draft(span, self._items(cell), _points(reach["low"], ">="), "table-cell")
            yield _draft(span, self._items(cell), _points(reach["high"], "<="), "table-cell")
        elif ticked and not compiled(r"\p{Han}").search(text):
            yield from self._ticks(cell, [(m["n"], Span(cell.start + m.start("n"), cell.start + m.end("n"))) for m in ticked])
        else:
            yield from self._labelled(cell, text)

    def _ticks(self, cell: Cell, ticked: list[tuple[str, Span]]) -> Iterator[Draft]:
        """8 □  10 □: a rule a box, each for the cell's line, or for the word of its own where the line is a row of like words (一级、二级)."""
        items = self._items(cell)
        words = [part for part in compiled(r"、|/").split(items[-1]) if part] if items else []
        own = words if len(words) == len(ticked) and len({word[-1] for word in words}) == 1 else items[-1:] * len(ticked)
        for label, (number, span) in zip(own or [""] * len(ticked), ticked, strict=True):
            yield _draft(span, (*items[:-1], label) if label else (), _points(number), "table-cell")

    def _labelled(self, cell: Cell, text: str) -> Iterator[Draft]:
        """技术骨干60/项, 职称英语2 □, 标准10: a word with its points in one cell."""
        group = compiled(rf"[ ]*(?P<label>\p{{Han}}{{2,8}})[ \n]*(?P<n>{_N})(?:[ ]?分)?[ \n]*").fullmatch(text)
        if group and (cell.column > 2 or int(float(group["n"])) < LEAST_GROUP):
            return
        # 工程60 beside its lines: the most that they give together
        heads = group and any(self._names(c) for c in self.rows[cell.row] if c.column > cell.column)
        hits = [group] if group else [m for m in compiled(_LABELLED).finditer(text) if m["per"] or m.group().rstrip()[-1:] in "(□☐○〇√分"]
        line = self._items(cell) if hits else ()
        for found in hits:
            label = "".join(self.text[cell.start + found.start("label") : cell.start + found.end("label")].split())
            items = (*line, label.strip("、，；：（("))
            yield _draft(
                Span(cell.start + found.start("label"), cell.start + found.end("n")), items, _points(found["n"], "<=" if heads else "="), "table-cell"
            )

    def _under_points(self, cell: Cell) -> bool:
        """Whether the nearest words above the cell name points (分值), or the row under a matrix of choices is one of points."""
        if compiled(_TO_REACH).search(self._column_head(cell)):
            return False
        return self.head is not None and cell.row > self.head and compiled(_POINTS_HEAD).match(self._column_head(cell)) is not None

    def _column_head(self, cell: Cell) -> str:
        return self.words(self.table.covering(self.head, cell.column)) if self.head is not None else ""

    def _above(self, cell: Cell) -> Cell | None:
        """The label right above a cell of points, in a matrix whose rows of points have no labels of their own."""
        if self.shifted and cell in self.shifted:
            return self.shifted[cell]
        if any(self._names(c) or self._has_band(c) for c in self.rows[cell.row] if c.row == cell.row):
            return None
        above = self.table.covering(cell.row - 1, cell.column)
        return above if above is not None and self._names(above) and (self.head is None or above.row > self.head) else None

    def _has_band(self, cell: Cell) -> bool:
        return cell.start in self._banded

    def _shifted(self, row: int) -> dict[Cell, Cell]:
        """Points → label where a text has flattened a matrix and its columns no longer stand over each other.

        In order, each label takes the points that fit it best: as many ticks as it has words (一级、二级), else falling points (2 □ 1 □) or none.
        """
        points = [c for c in self.rows[row] if c.row == row and self.words(c)]
        labels = [c for c in self.rows[row - 1] if c.row == row - 1 and self._names(c) and c.column > 0]
        if not points or not labels or any(self._names(c) or not compiled(_POINTS_ONLY).fullmatch(self.words(c)) for c in points):
            return {}
        over = [self.table.covering(row - 1, c.column) for c in points]
        if all(label is not None and self._names(label) for label in over):
            return {}
        best: dict[tuple[int, int], tuple[int, dict[Cell, Cell]]] = {(0, 0): (0, {})}
        for i, label in enumerate(labels):
            for taken in range(len(points) + 1):
                if (i, taken) not in best:
                    continue
                fit, pairs = best[i, taken]
                for upto in range(taken, len(points) + 1):
                    run = points[taken:upto]
                    now = fit + self._fit(label, run)
                    if now > best.get((i + 1, upto), (-1, {}))[0]:
                        best[i + 1, upto] = (now, {**pairs, **dict.fromkeys(run, label)})
        return best.get((len(labels), len(points)), (0, {}))[1]

    def _fit(self, label: Cell, run: list[Cell]) -> int:
        """How well points go with a label; of equals the label further to the left has them."""
        ticks = [[float(n) for n in compiled(rf"({_N})[ ]?{_TICK}").findall(self.words(c))] for c in run]
        if not run:
            return 0
        if len(run) == 1:
            several = len(compiled(r"、|/").split(self.words(label)))
            return (300 if len(ticks[0]) == several > 1 else 100) - label.column
        falling = all(len(t) == 1 for t in ticks) and ticks == sorted(ticks, reverse=True)
        return (200 if falling else -1000) * len(run) - label.column

    def _items(self, cell: Cell) -> tuple[str, ...]:
        """The names of the line, outermost first: labels to the left in its row, up to the choices of another line, then for the columns that the
        row leaves out the label above; in a matrix the label over the cell comes last."""
        above = self._above(cell)
        here = above or cell
        own: list[Cell] = []
        row = self.rows[here.row]
        for other in sorted((c for c in row if c.column < here.column), key=lambda c: -c.column):
            if self._names(other) and not self._is_choice(other):
                own.append(other)
            elif own and self._is_choice(other):
                break
        first = min(c.column for c in (*row, here) if c is here or self._names(c) and not self._has_band(c))
        outer = [found for column in range(first) if (found := self._over(here.row, column)) is not None]
        cells = [*dict.fromkeys(outer), *reversed(own), *([above] if above else [])]
        return tuple(dict.fromkeys(compiled(r"(?<=\p{Han})\d+(?:分)?$").sub("", self._printed(c)) for c in cells))

    def _printed(self, cell: Cell) -> str:
        return "".join(self.text[cell.start : cell.end].split())

    def _over(self, row: int, column: int) -> Cell | None:
        """The label that a column has in a row or, where the row leaves it out, last had above."""
        for up in range(row, (self.head if self.head is not None else -1), -1):
            found = self.table.covering(up, column)
            if found is not None and self._names(found):
                return found
        return None

    def _names(self, cell: Cell) -> bool:
        return cell.start in self._naming

    def _is_choice(self, other: Cell) -> bool:
        """A cell with points of its own (技术骨干60/项), or a label that has its points beneath."""
        if compiled(rf"{_N}[ ]?(?:分|/|{_TICK})").search(self.words(other)):
            return True
        if any(label.row == other.row for label in self.shifted.values()):
            return other in self.shifted.values()
        beneath = self.table.covering(other.row + other.rows, other.column)
        return beneath is not None and compiled(rf"^(?:{_N}{_TICK})+$|^{_N}[-~]{_N}$").search(self.words(beneath)) is not None


def _band(low: str, high: str | None, side: str | None, unit: str, points: str) -> Band:
    below = side in ("以下", "及以下", "以内")
    return Band(start=None if below else low, end=low if below else high, unit=unit, result=points, result_unit="分")


def _said(reading: Reading, sentence: Sentence) -> Iterator[Draft]:
    """获省级奖得10分: the words before the points are the line."""
    start = sentence.span.start
    text = reading.masked[start : sentence.span.end]
    headings = tuple(
        s.heading for s in reversed(reading.true_headings(sentence.section)) if not compiled(r"评分|赋分|计分|量化|标准|办法").search(s.heading)
    )
    for found in compiled(_SAID).finditer(text):
        label = compiled(r"(?P<label>[^,;。:]{2,30}?)(?:的|者|可|每项|每篇|每年|,)*$").search(text[: found.start()])
        if label:
            items = (*headings, "".join(reading.document.text[start + label.start("label") : start + label.end("label")].split()))
            yield _draft(Span(start + found.start(), start + found.end()), items, _points(plain(Decimal(found["n"]))))
