"""An assessment in the terminal, and the questions that lead to one."""

from collections.abc import Iterable, Iterator
from itertools import groupby

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from pipeline.assess import Facts, assess
from pipeline.evaluate import Stated
from pipeline.language import one_line, say
from schemas.assessment import Assessment, Following, Line, Proof, Question, RouteAssessment
from schemas.ruleset import Ruleset

STYLES = {"open": "bold green", "closed": "bold red", "undecided": "bold yellow"}
MARKS = {True: "✓", False: "✗", None: "?"}
_MOST = 8
"""Questions shown of a route; those that decide alone stand first."""
_YES, _NO, _NONE = ("y", "yes", "是", "对", "有"), ("n", "no", "否", "不", "没有"), ("无", "none", "-")


def print_assessment(console: Console, assessment: Assessment) -> None:
    """Route by route: the status, the rules on which it rests with clause and quote, what would decide, what follows."""
    if assessment.title:
        console.print(Text(one_line(assessment.title), style="bold"))
    if not assessment.routes:
        console.print(say("assess.no_routes"))
    common = common_following(assessment.routes)
    for route in assessment.routes:
        console.print()
        console.print(Text.assemble((f"{say(f'assess.{route.status}')}  ", STYLES[route.status]), (route_name(route), "bold")))
        for line in (line for line in route.lines if line.decides):
            _print_line(console, line)
        _print_questions(console, route.questions)
        _print_following(console, (rule for rule in route.follows if rule not in common))
    console.print()
    if common:
        console.print(Text(say("assess.common"), style="bold"))
        _print_following(console, common)
        console.print()
    console.print(Text(say("assess.caution"), style="dim"))


def common_following(routes: Iterable[RouteAssessment]) -> list[Following]:
    """What follows on every route that is not closed, where there are several."""
    left = [route.follows for route in routes if route.status != "closed"]
    return [rule for rule in left[0] if all(rule in follows for follows in left)] if len(left) > 1 else []


def route_name(route: RouteAssessment) -> str:
    """中级 · 自评分申报."""
    return " · ".join(one_line(part) for part in (route.level, route.route) if part) or say("assess.any_route")


def _print(console: Console, depth: int, text: Text) -> None:
    """A paragraph set in by so many steps, its further lines too."""
    console.print(Padding(text, (0, 0, 0, 2 * depth), expand=False))


def _print_line(console: Console, line: Line) -> None:
    said = say(f"assess.line.{line.effect}", None, answer=say(f"assess.answer.{MARKS[line.answer]}"), words=one_line(line.words))
    _print(console, 1, Text(f"{said}  {_said(line.proof)}"))
    for test in line.tests:
        _print(console, 3, Text(f"{MARKS[test.answer]} {one_line(test.words)}", style="dim"))


def _said(proof: Proof) -> str:
    return f"“{one_line(proof.quote)}”（{one_line(proof.clause)}）"


def _print_questions(console: Console, questions: Iterable[Question]) -> None:
    asked = list(questions)
    if asked:
        _print(console, 1, Text(say("assess.would_decide"), style="bold"))
    for question in asked[:_MOST]:
        alone = f"  {say('assess.alone')}" if question.decides else ""
        _print(console, 3, Text(f"{one_line(question.words)}  [{question.name}]{alone}"))
    if len(asked) > _MOST:
        _print(console, 3, Text(say("assess.more", None, count=len(asked) - _MOST), style="dim"))


def _print_following(console: Console, follows: Iterable[Following]) -> None:
    for kind, rules in groupby(follows, key=lambda rule: rule.kind):
        _print(console, 1, Text(say(f"kind.{kind}"), style="bold"))
        for rule in rules:
            given = f"  {say('assess.given', None, given='；'.join(map(one_line, rule.given)))}" if rule.given else ""
            console.print(
                Text.assemble(f"      {one_line(rule.subject)}：{one_line(rule.words)}", (given, "yellow"), (f"  {_said(rule.proof)}", "dim"))
            )


# -- asking


def ask(console: Console, ruleset: Ruleset, known: Facts) -> dict[str, Stated]:
    """Ask, the most useful question first, until every route is decided, nothing is left to ask, or the input ends. An empty answer: not known."""
    facts, passed = dict(known), set[str]()
    console.print(say("assess.ask"))
    while (question := next((q for q in assess(ruleset, facts).questions if q.name not in passed), None)) is not None:
        passed.add(question.name)
        try:
            answer = _answer(console, question)
        except EOFError:
            break
        if answer is not None:
            facts[question.name] = answer
    return facts


def _answer(console: Console, question: Question) -> Stated:
    """One answer; asked again until it can be read. Raises EOFError where the input ends."""
    while True:
        console.print(Text("\n".join(_prompt(question))))
        said = console.input("> ").strip()
        if not said:
            return None
        try:
            return read_answer(question, said)
        except ValueError:
            console.print(Text(say(f"assess.again.{question.kind}"), style="yellow"))


def _prompt(question: Question) -> Iterator[str]:
    unit = f"（{question.unit}）" if question.unit else ""
    yield f"{one_line(question.words)}{unit}？{say(f'assess.how.{question.kind}')}"
    yield from (f"  {number}. {one_line(value)}" for number, value in enumerate(question.values, 1))


def read_answer(question: Question, said: str) -> Stated:
    """What a person typed: yes or no, a number, a word or its number in the list, several of them parted by commas. Raises ValueError."""
    match question.kind:
        case "boolean":
            if said.lower() in (*_YES, *_NO):
                return said.lower() in _YES
            raise ValueError(said)
        case "number":
            number = float(said)
            if not abs(number) < 1e9:
                raise ValueError(said)
            return int(number) if number.is_integer() else number
        case "ordered":
            word = _word(question, said)
            if word not in question.values:
                raise ValueError(said)
            return word
        case "set":
            parts = [part.strip() for part in said.replace("，", ",").replace("、", ",").split(",")]
            return [] if said.lower() in _NONE else [_word(question, part) for part in parts if part]


def _word(question: Question, said: str) -> str:
    return question.values[int(said) - 1] if said.isdecimal() and 0 < int(said) <= len(question.values) else said
