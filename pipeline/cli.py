"""The command line. Exit codes: 0 all well, 1 some input could not be used or a score fell below its floor, 2 wrong usage.

Help and messages are rows of messages.tsv, in the language of the locale or of `--lang`, which may stand anywhere on the line.
What loads slowly (readers, extractors, templates, workbooks) is imported when a command needs it, so that help is quick.
"""

import gc
import json
import sys
import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer
from typer.core import TyperGroup

from pipeline import __version__
from pipeline.errors import NoticeError, line_of
from pipeline.language import Language, choose, chosen, current, one_line, say
from pipeline.processes import set_up

if TYPE_CHECKING:
    from rich.console import Console

    from pipeline.batch import Job, Outcome
    from pipeline.scores import Check

PROGRAM = "noticerules"
OK, FAILED, WRONG_USAGE = 0, 1, 2
EXAMPLES = {
    "extract": (
        (f"{PROGRAM} extract corpus", "corpus"),
        (f"{PROGRAM} extract 2023.docx -o out --format all", "file"),
        (f"{PROGRAM} extract inbox -o out", "folder"),
        (f"{PROGRAM} extract - -o out < 2023.txt", "stdin"),
    ),
    "schema": ((f"{PROGRAM} schema > ruleset.schema.json", ""), (f"{PROGRAM} schema --facts", "facts"), (f"{PROGRAM} schema --changes", "changes")),
    "check": ((f"{PROGRAM} check", "corpus"), (f"{PROGRAM} check corpus/wenzhou-water-engineer", "series")),
    "export": (
        (f"{PROGRAM} export outputs/wenzhou-water-engineer/2023.ruleset.json --to ics -o 2023.ics", "ics"),
        (f"{PROGRAM} export outputs --to csv -o tables", "folder"),
    ),
    "assess": (
        (f"{PROGRAM} assess outputs/shangyu-junior-engineer/2023.ruleset.json person.yaml", "facts"),
        (f"{PROGRAM} assess outputs/shangyu-junior-engineer/2023.ruleset.json --interactive", "interactive"),
    ),
    "find": (
        (f"{PROGRAM} find 继续教育 90", "words"),
        (f"{PROGRAM} find --cites 浙人社发〔2019〕31号", "cites"),
        (f"{PROGRAM} find --fees 评审费", "fees"),
        (f'{PROGRAM} find --sql "SELECT province, cycle, count(*) FROM notices GROUP BY 1, 2"', "sql"),
    ),
    "ingest": ((f"{PROGRAM} ingest 2024.pdf", "file"), (f"{PROGRAM} ingest 2024.pdf --series wenzhou-water-engineer --year 2024", "named")),
    "review": (
        (f"{PROGRAM} review corpus/wenzhou-water-engineer/2023.txt", "notice"),
        (f"{PROGRAM} review corpus/wenzhou-water-engineer/2023.txt --import 2023.decisions.jsonl", "import"),
    ),
    "publish": ((f"{PROGRAM} publish corpus", "corpus"), (f"{PROGRAM} publish corpus --reviewed-only -o out", "reviewed")),
    "train": ((f"{PROGRAM} train", "corpus"),),
    "show": ((f"{PROGRAM} show outputs/wenzhou-water-engineer/2023.ruleset.json", "ruleset"), (f"{PROGRAM} show 2023.pdf", "notice")),
    "compare": (
        (f"{PROGRAM} compare 2022.docx 2023.docx -o out", "files"),
        (f"{PROGRAM} compare --series wenzhou-water-engineer 2022 2023", "series"),
        (f"{PROGRAM} compare --series wenzhou-water-engineer --history", "history"),
    ),
    "effective": ((f"{PROGRAM} effective wenzhou-water-engineer 2023", ""),),
    "serve": ((f"{PROGRAM} serve outputs", "outputs"), (f"{PROGRAM} serve corpus --review", "review")),
}
_WIDTH_OF_PIPES = 120


class Speaking(TyperGroup):
    """The commands with their help in the chosen language; takes `--lang` out of the arguments before anything else reads them."""

    def make_context(self, info_name: str | None, args: list[str], parent: Any = None, **extra: Any) -> Any:
        choose(None)
        for stream in (sys.stdout, sys.stderr):  # a terminal of GBK or ASCII has not every character of a notice
            if isinstance(stream, TextIOWrapper):
                stream.reconfigure(errors="backslashreplace")
        args = list(self._without_language(args))
        every: list[Any] = [self, *self.commands.values()]
        for command in every:
            command.help = say(command.help)
            command.rich_help_panel = say("cli.panel.commands")
        self._translate(self, "")
        return super().make_context(info_name, args, parent, **extra)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        name, command, rest = super().resolve_command(ctx, args)
        self._translate(command, name or "")
        return name, command, rest

    def _without_language(self, args: Sequence[str]) -> Iterator[str]:
        rest = iter(args)
        for arg in rest:
            if arg == "--":
                yield arg
                yield from rest
            elif arg == "--lang" or arg.startswith("--lang="):
                name = arg.partition("=")[2] if "=" in arg else next(rest, "")
                if name not in ("zh", "en"):
                    wrong_usage(say("cli.usage.lang", name=name))
                choose("zh" if name == "zh" else "en")
            else:
                yield arg

    def _translate(self, command: Any, name: str) -> None:
        command.epilog = "\n\n".join([*_examples([name] if name else list(EXAMPLES)), say("cli.exit_codes")])
        for parameter in [*command.params, command.get_help_option(typer.Context(command))]:
            arguments = parameter.param_type_name == "argument"
            parameter.rich_help_panel = say("cli.panel.arguments" if arguments else "cli.panel.options")
            parameter.help = say("cli.help_option" if parameter.name == "help" else parameter.help)


def _examples(commands: Sequence[str]) -> Iterator[str]:
    yield f"[bold]{say('cli.examples')}[/bold]"
    for command in commands:
        for line, name in EXAMPLES[command]:
            yield f"{line}  [dim]{say('.'.join(filter(None, ('cli', command, 'example', name))))}[/dim]"


class Program(typer.Typer):
    """The command as a process of its own."""

    def __call__(self, *args: Any, **settings: Any) -> Any:
        set_up()
        try:
            return super().__call__(*args, **settings)
        finally:
            gc.freeze()  # all goes with the process: nothing need be looked through once more


app = Program(cls=Speaking, no_args_is_help=True, add_completion=False, rich_markup_mode="rich", pretty_exceptions_enable=False)

Host = Annotated[str, typer.Option("--host", help="cli.serve.host")]
Port = Annotated[int, typer.Option("--port", min=0, max=65535, help="cli.serve.port")]
Reviewer = Annotated[str, typer.Option("--reviewer", envvar="NOTICERULES_REVIEWER", help="cli.review.reviewer", show_default=False)]
Token = Annotated[str | None, typer.Option("--token", envvar="NOTICERULES_TOKEN", help="cli.serve.token", show_default=False)]
Password = Annotated[str | None, typer.Option("--password", envvar="NOTICERULES_PASSWORD", help="cli.password", show_default=False)]
NoNer = Annotated[bool, typer.Option("--no-ner", help="cli.no_ner")]
Debug = Annotated[bool, typer.Option("--debug", help="cli.debug")]


def _show_version(asked: bool) -> None:
    if asked:
        from schemas.ruleset import SCHEMA_VERSION

        typer.echo(f"{PROGRAM} {__version__} (schema {SCHEMA_VERSION})")
        raise typer.Exit


@app.callback(help="cli.help")
def main(
    version: Annotated[bool, typer.Option("--version", callback=_show_version, is_eager=True, help="cli.version")] = False,
    lang: Annotated[str | None, typer.Option("--lang", metavar="zh|en", help="cli.lang", show_default=False)] = None,
) -> None:
    """`lang` stands here for the help only: `Speaking` has taken it out of the arguments."""


@app.command(help="cli.extract.help")
def extract(
    paths: Annotated[list[str] | None, typer.Argument(metavar="PATH", help="cli.extract.paths", show_default=False)] = None,
    out: Annotated[Path | None, typer.Option("-o", "--out", metavar="DIR", help="cli.extract.out", show_default=False)] = None,
    formats: Annotated[list[str] | None, typer.Option("--format", metavar="NAME", help="cli.extract.format", show_default=False)] = None,
    jobs: Annotated[int | None, typer.Option("--jobs", metavar="N", min=1, help="cli.extract.jobs", show_default=False)] = None,
    force: Annotated[bool, typer.Option("--force", help="cli.extract.force")] = False,
    scheduler: Annotated[str | None, typer.Option("--scheduler", metavar="ADDRESS", help="cli.extract.scheduler", show_default=False)] = None,
    password: Password = None,
    no_ner: NoNer = False,
    debug: Debug = False,
) -> None:
    """Read what can be read, say of the rest why not."""
    from pipeline import batch

    if not paths:
        wrong_usage(say("cli.usage.no_path"))
    if out is not None and batch.is_address(out):
        wrong_usage(say("cli.usage.address", address=out.as_posix().replace(":/", "://", 1)))
    asked = _formats(formats or batch.DEFAULT_FORMATS, [writer.name for writer in batch.WRITERS])
    planned = batch.plan(paths, out)
    for problem in planned.problems:
        _report(problem.file, problem)
    extracted: Iterable[Outcome] = ()
    if len(planned.jobs) == 1 and planned.manifest_in is None and scheduler is None:
        extracted = _extract_one(planned.jobs[0], asked, password, ner=not no_ner)
    elif planned.jobs:
        from pipeline import many
        from pipeline.extraction import Options

        options = Options(asked, document_language(), password, ner=not no_ner)
        extracted = many.outcomes(planned.jobs, options, manifest_in=planned.manifest_in, workers=jobs, scheduler=scheduler, force=force)
    outcomes: list[Outcome] = []
    stopped = False
    try:
        with _progress(len(planned.jobs)) as step:
            for outcome in extracted:
                outcomes.append(outcome)
                step(outcome.job.shown, outcome.characters, failed=outcome.error is not None)
                if outcome.error:
                    _report(outcome.job.shown, outcome.error, debug)
    except (NoticeError, OSError) as error:  # nothing can be written, or nobody works
        _report(error.file if isinstance(error, NoticeError) else str(planned.manifest_in or ""), error, debug)
        if isinstance(error, OSError) and outcomes:
            typer.echo(say("cli.stopped"), err=True)
        stopped = True
    if outcomes:
        from pipeline.report.terminal import batch_table, where_line

        _console().print(batch_table(outcomes))
    if any(outcome.written for outcome in outcomes):
        typer.echo(where_line(outcomes))
    if skipped := sum(outcome.skipped for outcome in outcomes):
        typer.echo(say("cli.skipped", count=skipped))
    _leave(len(planned.problems) + sum(outcome.error is not None for outcome in outcomes), stopped)


def _extract_one(job: "Job", formats: Sequence[str], password: str | None, ner: bool) -> "Iterator[Outcome]":
    """The outcome of a single notice, whose names are looked for in a process beside this one."""
    from pipeline import batch
    from pipeline.naming import Beside

    with Beside() if ner else nullcontext() as names:
        yield batch.extract(job, formats, document_language(), password, names)


@app.command(help="cli.schema.help")
def schema(
    facts: Annotated[bool, typer.Option("--facts", help="cli.schema.facts")] = False,
    changes: Annotated[bool, typer.Option("--changes", help="cli.schema.changes")] = False,
    effective: Annotated[bool, typer.Option("--effective", help="cli.schema.effective")] = False,
    out: Annotated[Path | None, typer.Option("-o", "--out", metavar="DIR", help="cli.schema.out", show_default=False)] = None,
) -> None:
    """The schema of what `extract` writes, or another one that is asked for; or all that are published, each to its file."""
    from schemas import contract

    if out is None:
        typer.echo(_schema_text("facts" if facts else "changes" if changes else "effective" if effective else "ruleset"))
        return
    for name in contract.SCHEMAS:
        path = out / contract.file_name(name)
        try:
            _publish(name, path)
        except (NoticeError, OSError) as error:
            _report(str(path), error)
            raise typer.Exit(FAILED) from None
        typer.echo(str(path))


def _schema_text(name: str) -> str:
    from schemas.contract import schema as described

    return json.dumps(described(name), ensure_ascii=False, indent=2)


def _publish(name: str, path: Path) -> None:
    """Write a schema; one that is published already is never made to say something else. Raises NoticeError or OSError."""
    from pipeline.atomic import write_atomic
    from schemas.contract import same

    text = _schema_text(name) + "\n"
    if path.is_file() and not same(json.loads(path.read_bytes()), json.loads(text)):
        raise NoticeError("schema.published", str(path))
    write_atomic(path, text.encode())


@app.command(help="cli.check.help")
def check(
    paths: Annotated[list[str] | None, typer.Argument(metavar="PATH", help="cli.check.paths", show_default=False)] = None,
    out: Annotated[Path | None, typer.Option("-o", "--out", metavar="DIR", help="cli.check.out", show_default=False)] = None,
    strict: Annotated[bool, typer.Option("--strict", help="cli.check.strict")] = False,
    html: Annotated[bool, typer.Option("--html/--no-html", help="cli.check.html")] = True,
    password: Password = None,
    debug: Debug = False,
) -> None:
    """Extract again, set beside gold, show and write what differs."""
    from pipeline import batch

    given = paths or [batch.CORPUS]
    planned = batch.plan(given)
    problems: list[tuple[str, Exception]] = [(problem.file, problem) for problem in planned.problems]
    results = _compare_with_gold(planned.jobs, given, password, problems)
    if not results and not problems:
        problems.append((" ".join(given), NoticeError("check.nothing", " ".join(given))))
    for shown, problem in problems:
        _report(shown, problem, debug)
    fallen = _show_check(results, out or batch.reports_folder(planned.jobs), html) if results else False
    differences = sum(result.failing for _, result in results) if strict else 0
    if strict:
        typer.echo(say("check.strict", count=differences), err=bool(differences))
    _leave(len(problems), fallen or bool(differences))


def _compare_with_gold(
    jobs: "Sequence[Job]", given: Sequence[str], password: str | None, problems: list[tuple[str, Exception]]
) -> "list[tuple[Job, Check]]":
    """Each job that has gold with its comparison; what cannot be compared goes to `problems`, a notice without gold only where it was named."""
    from pipeline import batch
    from pipeline.gold import find_gold
    from pipeline.review.desk import conflicts
    from pipeline.scores import check as compare

    results = []
    with _progress(len(jobs)) as step:
        for job in jobs:
            gold = find_gold(job.source) if job.source else None
            try:
                if gold is not None:
                    ruleset = batch.build(job, password, None)
                    results.append((job, compare(gold, ruleset, conflicts(job, ruleset))))
                elif job.shown in given or job.source is None:
                    raise NoticeError("check.no_gold", job.shown, gold=f"{Path(job.shown).stem}.gold.json")
            except Exception as error:  # noqa: BLE001  one bad notice never ends a batch
                problems.append((job.shown, error))
            step(job.shown)
    return results


def _show_check(results: "Sequence[tuple[Job, Check]]", folder: Path, html: bool) -> bool:
    """Print the comparisons and write them to the folder; true where a score fell below the floor of its corpus."""
    from pipeline.atomic import write_atomic
    from pipeline.batch import floor_of
    from pipeline.report.check_page import check_json, page
    from pipeline.report.check_terminal import render_check, render_floor
    from pipeline.scores import check_floor, load_floor

    console = _console()
    checks = [result for _, result in results]
    render_check(console, checks)
    floors: dict[Path, list[Check]] = {}
    for job, result in results:
        if floor := floor_of(job):
            floors.setdefault(floor, []).append(result)
    fallen = [fall for path, held in floors.items() for fall in check_floor({c.edition: c.figures for c in held}, load_floor(path))]
    if floors:
        render_floor(console, fallen)
    write_atomic(folder / "check.json", check_json(checks).encode())
    if html:
        write_atomic(folder / "check.html", page(checks, document_language()).encode())
    typer.echo(say("cli.where", names="check.json, check.html" if html else "check.json", folder=f"{folder}/"))
    return bool(fallen)


@app.command(help="cli.train.help")
def train(
    corpus: Annotated[Path, typer.Argument(metavar="FOLDER", help="cli.train.corpus")] = Path("corpus/ner"),
    out: Annotated[Path | None, typer.Option("-o", "--out", metavar="DIR", help="cli.train.out", show_default=False)] = None,
    debug: Debug = False,
) -> None:
    """Learn names from marked and made sentences."""
    from pipeline.training import train_names

    try:
        learnt = train_names(corpus, out, lambda turn, turns: typer.echo(say("cli.train.round", turn=turn, turns=turns), err=True))
    except (NoticeError, OSError) as error:
        _report(str(corpus), error, debug)
        raise typer.Exit(FAILED) from None
    typer.echo(
        say("cli.train.learnt", marked=learnt.marked, notices=learnt.notices, spans=learnt.spans, made=learnt.made, folder=f"{learnt.folder}/")
    )


@app.command(help="cli.show.help")
def show(
    file: Annotated[str | None, typer.Argument(metavar="FILE", help="cli.show.file", show_default=False)] = None,
    password: Password = None,
    no_ner: NoNer = False,
    debug: Debug = False,
) -> None:
    """A ruleset as it is, a notice after its extraction."""
    from pipeline.editions import ruleset_of
    from pipeline.naming import in_process
    from pipeline.report.terminal import print_ruleset

    if not file:
        wrong_usage(say("cli.usage.no_path"))
    try:
        ruleset = ruleset_of(file, password, None if no_ner else in_process)
    except Exception as error:  # noqa: BLE001  reported like any other input that cannot be used
        _report(file, error, debug)
        raise typer.Exit(FAILED) from None
    print_ruleset(_console(), ruleset)


@app.command(help="cli.ingest.help")
def ingest(
    file: Annotated[Path | None, typer.Argument(metavar="FILE", help="cli.ingest.file", show_default=False)] = None,
    series: Annotated[str | None, typer.Option("--series", help="cli.ingest.series", show_default=False)] = None,
    year: Annotated[str | None, typer.Option("--year", help="cli.ingest.year", show_default=False)] = None,
    corpus: Annotated[Path, typer.Option("--corpus", metavar="DIR", help="cli.ingest.corpus")] = Path("corpus"),
    password: Password = None,
    debug: Debug = False,
) -> None:
    """A new notice: into the corpus, extracted, compared with the edition before, and ready for review."""
    if file is None:
        wrong_usage(say("cli.usage.no_path"))
    from pipeline import ingest as ingesting
    from pipeline.build import build_ruleset
    from pipeline.report.ingest_words import ingest_words

    try:
        if not corpus.is_dir():
            raise NoticeError("ingest.corpus", str(corpus))
        if series is None or year is None:
            proposed = ingesting.propose(build_ruleset(file, password=password), corpus)
            series, year = series or proposed.series, year or proposed.year
            typer.echo(say("ingest.proposed", series=series, year=year))
        found = ingesting.ingest(file.read_bytes(), file.name, corpus, series, year, password)
    except (NoticeError, OSError) as error:
        _report(str(file), error, debug)
        raise typer.Exit(FAILED) from None
    typer.echo(ingest_words(found))
    typer.echo(say("ingest.queue", command=f"{PROGRAM} review {found.job.shown}"))


@app.command(help="cli.review.help")
def review(
    paths: Annotated[list[str] | None, typer.Argument(metavar="PATH", help="cli.review.paths", show_default=False)] = None,
    reviewer: Reviewer = "",
    import_: Annotated[Path | None, typer.Option("--import", metavar="FILE", help="cli.review.import", show_default=False)] = None,
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="cli.review.browser")] = True,
    host: Host = "127.0.0.1",
    port: Port = 8765,
    token: Token = None,
    debug: Debug = False,
) -> None:
    """The desk for some notices or rulesets, in the browser; with `--import` only takes in decisions that were made on a page without a server."""
    from pipeline.batch import CORPUS, corpus_of

    given = paths or [CORPUS]
    if import_ is not None:
        _import_decisions(given, import_, debug)
        return
    from pipeline.serve import address, create_app, listen  # loads fastapi

    try:
        corpus = corpus_of(Path(given[0])) or Path(given[0]).absolute().parent
        inputs = [] if [Path(one).absolute() for one in given] == [corpus] else given
        application = create_app(corpus, host=host, token=token, review=True, reviewer=reviewer, inputs=inputs, language=document_language())
        typer.echo(say("cli.serve.where", address=address(host, port)))
        listen(application, host, port, address(host, port, f"/?token={token}" if token else "/") if browser else None)
    except (NoticeError, OSError) as error:
        _report(error.file if isinstance(error, NoticeError) else given[0], error, debug)
        raise typer.Exit(FAILED) from None


def _import_decisions(given: "Sequence[str]", file: Path, debug: bool) -> None:
    """Take a file of decisions into the log of the one notice that is named."""
    from pipeline.review import log
    from pipeline.review.desk import Desk

    try:
        if len(given) != 1 or Path(given[0]).is_dir():
            raise NoticeError("review.import_one", str(file))
        if not file.is_file():
            raise NoticeError("plan.missing", str(file))
        found = log.read(file)
        desk = Desk.of(given[0])
        other = any(decision.text_sha256 not in (None, desk.extraction.ruleset.source.text_sha256) for decision in found.decisions)
        new = desk.take_in(found.decisions)
    except (NoticeError, OSError) as error:
        _report(str(file), error, debug)
        raise typer.Exit(FAILED) from None
    typer.echo(say("review.imported", new=new, known=len(found.decisions) - new, file=desk.log_path))
    if other:
        typer.echo(say("review.other_text"), err=True)
    if found.lost:
        typer.echo(say("review.lost", lines=", ".join(map(str, found.lost))), err=True)
    _leave(0, bool(found.lost))


@app.command(help="cli.publish.help")
def publish(
    paths: Annotated[list[str] | None, typer.Argument(metavar="PATH", help="cli.publish.paths", show_default=False)] = None,
    out: Annotated[Path | None, typer.Option("-o", "--out", metavar="DIR", help="cli.publish.out", show_default=False)] = None,
    reviewed_only: Annotated[bool, typer.Option("--reviewed-only", help="cli.publish.reviewed_only")] = False,
    debug: Debug = False,
) -> None:
    """Rulesets with the decisions applied, their pages and a sheet to sign; nothing of an edition that is disputed."""
    from pipeline import batch
    from pipeline.review import log
    from pipeline.review.desk import Desk
    from pipeline.review.publish import publish as publish_one

    if reviewed_only and out is None:
        wrong_usage(say("cli.usage.reviewed_only"))
    given = paths or [batch.CORPUS]
    planned = batch.plan(given)
    for problem in planned.problems:
        _report(problem.file, problem)
    failed = len(planned.problems)
    done = 0
    for job in planned.jobs:
        if job.source is None:
            continue
        desk = Desk(job)
        if not desk.log_path.is_file() and job.shown not in given:
            continue  # nothing was decided on it
        try:
            found = log.read(desk.log_path)
            if found.lost:
                typer.echo(f"{desk.log_path}: {say('review.lost', lines=', '.join(map(str, found.lost)))}", err=True)
            files = publish_one(desk, out, reviewed_only=reviewed_only, language=document_language())
        except Exception as error:  # noqa: BLE001  one bad notice never ends a batch
            _report(job.shown, error, debug)
            failed += 1
        else:
            done += 1
            typer.echo(say("publish.done", edition=desk.name, files=", ".join(map(str, files))))
    if not done and not failed:
        typer.echo(say("publish.nothing"))
    _leave(failed)


@app.command(help="cli.serve.help")
def serve(
    folder: Annotated[Path | None, typer.Argument(metavar="FOLDER", help="cli.serve.folder", show_default=False)] = None,
    review: Annotated[bool, typer.Option("--review", help="cli.serve.review")] = False,
    reviewer: Reviewer = "",
    host: Host = "127.0.0.1",
    port: Port = 8765,
    token: Token = None,
    debug: Debug = False,
) -> None:
    """The feed and the reports of a folder; with `--review` the desk."""
    if folder is None:
        wrong_usage(say("cli.usage.no_path"))
    from pipeline.serve import address, create_app, listen  # loads fastapi

    try:
        application = create_app(folder, host=host, token=token, review=review, reviewer=reviewer, language=document_language())
        typer.echo(say("cli.serve.where", address=address(host, port)))
        listen(application, host, port)
    except (NoticeError, OSError) as error:
        _report(error.file if isinstance(error, NoticeError) else str(folder), error, debug)
        raise typer.Exit(FAILED) from None


@app.command(help="cli.compare.help")
def compare(
    paths: Annotated[list[str] | None, typer.Argument(metavar="OLD NEW", help="cli.compare.paths", show_default=False)] = None,
    series: Annotated[str | None, typer.Option("--series", metavar="SERIES", help="cli.compare.series", show_default=False)] = None,
    history: Annotated[bool, typer.Option("--history", help="cli.compare.history")] = False,
    force: Annotated[bool, typer.Option("--force", help="cli.compare.force")] = False,
    aliases: Annotated[Path | None, typer.Option("--aliases", metavar="FILE", help="cli.compare.aliases", show_default=False)] = None,
    confirmed: Annotated[tuple[str, str] | None, typer.Option("--confirm", metavar="OLD NEW", help="cli.compare.confirm", show_default=False)] = None,
    out: Annotated[Path | None, typer.Option("-o", "--out", metavar="DIR", help="cli.compare.out", show_default=False)] = None,
    formats: Annotated[list[str] | None, typer.Option("--format", metavar="NAME", help="cli.compare.format", show_default=False)] = None,
    password: Password = None,
    debug: Debug = False,
) -> None:
    """One edition with the next, or each with the one before it."""
    from pipeline import compared, editions

    asked = _formats(formats or ["all"], list(compared.WRITERS))
    given = paths or []
    if not given and not (series and history):
        wrong_usage(say("cli.usage.no_path"))
    if confirmed and not (series or aliases):
        wrong_usage(say("cli.compare.no_aliases"))
    if not history and len(given) != 2:
        wrong_usage(say("compare.two", count=len(given)))
    try:
        folder = editions.series_folder(series) if series else None
        notices = editions.load_editions(series, given, password) if series else [editions.ruleset_of(path, password) for path in given]
        file = aliases or (folder / editions.ALIASES if folder else None)
        results = editions.compare_all(notices, file, confirmed, force=force)
        target = compared.folder_for(folder, out)
        written = compared.write_all(results, target, asked, document_language(), history=history)
        if history:
            known = editions.load_aliases(file) if file else ()
            written += compared.write_history(results, target, asked, document_language(), known)
    except (NoticeError, OSError) as error:
        _report(error.file if isinstance(error, NoticeError) else " ".join(given), error, debug)
        raise typer.Exit(FAILED) from None
    from pipeline.report.changes_terminal import render_changes

    for result in results:
        render_changes(_console(), result.view(current()))
    typer.echo(say("cli.where", names=", ".join(sorted({path.name for path in written})), folder=f"{target}/"))


@app.command(help="cli.effective.help")
def effective(
    series: Annotated[str | None, typer.Argument(metavar="SERIES", help="cli.effective.series", show_default=False)] = None,
    year: Annotated[str | None, typer.Argument(metavar="YEAR", help="cli.effective.year", show_default=False)] = None,
    out: Annotated[Path | None, typer.Option("-o", "--out", metavar="DIR", help="cli.effective.out", show_default=False)] = None,
    password: Password = None,
    debug: Debug = False,
) -> None:
    """An edition with what amends it folded over it."""
    if not series or not year:
        wrong_usage(say("cli.usage.no_path"))
    from pipeline import compared, editions
    from pipeline.atomic import write_atomic
    from pipeline.effective import in_force

    try:
        folder = editions.series_folder(series)
        found = in_force(editions.year_of(series, year, password), editions.load_aliases(folder / editions.ALIASES))
        target = compared.folder_for(folder, out)
        write_atomic(target / "effective.json", found.to_json().encode())
    except (NoticeError, OSError) as error:
        _report(series, error, debug)
        raise typer.Exit(FAILED) from None
    from pipeline.report.changes_terminal import render_effective

    render_effective(_console(), found)
    typer.echo(say("cli.where", names="effective.json", folder=f"{target}/"))


@app.command(help="cli.export.help")
def export(
    paths: Annotated[list[str] | None, typer.Argument(metavar="RULESET", help="cli.export.paths", show_default=False)] = None,
    to: Annotated[str | None, typer.Option("--to", metavar="FORMAT", help="cli.export.to", show_default=False)] = None,
    out: Annotated[str | None, typer.Option("-o", "--out", metavar="FILE", help="cli.export.out", show_default=False)] = None,
    password: Password = None,
    debug: Debug = False,
) -> None:
    """One file a ruleset, for other programs."""
    from pipeline.editions import ruleset_of
    from pipeline.export import formats

    if not paths:
        wrong_usage(say("cli.usage.no_path"))
    known = ", ".join(one.name for one in formats.FORMATS)
    form = formats.format_named(to or "")
    if form is None:
        wrong_usage(say("cli.usage.format", name=to, formats=known) if to else say("cli.usage.no_format", formats=known))
    try:
        targets = formats.targets(paths, form, out)
    except NoticeError as error:
        wrong_usage(say(error.code, None, **error.details))
    failed = len(paths) - len({target.given for target in targets})
    for given in paths:
        if not any(target.given == given for target in targets):
            _report(given, NoticeError("cli.export.nothing", given))
    for target in targets:
        try:
            formats.write(target, form.render(ruleset_of(target.source, password), document_language()))
        except Exception as error:  # noqa: BLE001  one bad ruleset does not keep the others back
            _report(target.source, error, debug)
            failed += 1
        else:
            if target.path is not None:
                typer.echo(str(target.path))
    _leave(failed)


@app.command(help="cli.assess.help")
def assess(
    ruleset: Annotated[str | None, typer.Argument(metavar="RULESET", help="cli.assess.ruleset", show_default=False)] = None,
    facts: Annotated[str | None, typer.Argument(metavar="FACTS", help="cli.assess.facts", show_default=False)] = None,
    interactive: Annotated[bool, typer.Option("--interactive", help="cli.assess.interactive")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="cli.assess.json")] = False,
    password: Password = None,
    debug: Debug = False,
) -> None:
    """Which routes are open to a person, why, what would decide, what follows."""
    from pipeline.assess import assess as assessed
    from pipeline.editions import ruleset_of
    from pipeline.facts import read_facts
    from pipeline.report.assess_terminal import ask, print_assessment

    if not ruleset:
        wrong_usage(say("cli.usage.no_path"))
    if facts is None and not interactive:
        wrong_usage(say("cli.usage.no_facts"))
    try:
        rules = ruleset_of(ruleset, password)
        known = read_facts(sys.stdin.buffer.read() if facts == "-" else Path(facts).read_bytes(), facts) if facts else {}
        if interactive:
            known = ask(_console(stderr=as_json), rules, known)
        found = assessed(rules, known)
    except Exception as error:  # noqa: BLE001  reported like any other input that cannot be used
        _report(error.file if isinstance(error, NoticeError) else ruleset, error, debug)
        raise typer.Exit(FAILED) from None
    if as_json:
        typer.echo(found.model_dump_json(indent=2, by_alias=True))
    else:
        print_assessment(_console(), found)


@app.command(help="cli.find.help")
def find(
    words: Annotated[list[str] | None, typer.Argument(metavar="WORDS", help="cli.find.words", show_default=False)] = None,
    cites: Annotated[str | None, typer.Option("--cites", metavar="DOCUMENT", help="cli.find.cites", show_default=False)] = None,
    fees: Annotated[str | None, typer.Option("--fees", metavar="SUBJECT", help="cli.find.fees", show_default=False)] = None,
    sql: Annotated[str | None, typer.Option("--sql", metavar="SELECT", help="cli.find.sql", show_default=False)] = None,
    folder: Annotated[Path, typer.Option("--in", metavar="FOLDER", help="cli.find.in")] = Path("outputs"),
    rebuild: Annotated[bool, typer.Option("--rebuild", help="cli.find.rebuild")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="cli.find.json")] = False,
    debug: Debug = False,
) -> None:
    """One question to all rulesets below a folder."""
    from pipeline import library
    from pipeline.report.terminal import print_rows

    asked: list[tuple[Any, Any]] = [(library.search, words), (library.citing, cites), (library.fees, fees), (library.query, sql)]
    chosen = [(ask, what) for ask, what in asked if what]
    if len(chosen) > 1 or not (chosen or rebuild):
        wrong_usage(say("cli.find.one"))
    try:
        file = library.library_of(folder, rebuild=rebuild)
        answers = [ask(file, what) for ask, what in chosen]
    except (NoticeError, OSError) as error:
        _report(error.file if isinstance(error, NoticeError) else str(folder), error, debug)
        raise typer.Exit(FAILED) from None
    for answer in answers:
        if as_json:
            typer.echo(json.dumps([dict(zip(answer.columns, row, strict=True)) for row in answer.rows], ensure_ascii=False, indent=2, default=str))
        else:
            print_rows(_console(), answer.columns, answer.rows)
    if not answers:
        typer.echo(str(file))


def document_language() -> Language:
    """The language of pages and workbooks: they are for Chinese offices, whatever the machine's locale, unless `--lang` says otherwise."""
    return chosen() or "zh"


def _formats(asked: Sequence[str], known: Sequence[str]) -> tuple[str, ...]:
    for name in asked:
        if name not in (*known, "all"):
            wrong_usage(say("cli.usage.format", name=name, formats=", ".join((*known, "all"))))
    return tuple(known) if "all" in asked else tuple(asked)


def wrong_usage(problem: str) -> NoReturn:
    """Say what is wrong with the command line and leave."""
    typer.echo(say("cli.usage", problem=problem, command=PROGRAM), err=True)
    raise SystemExit(WRONG_USAGE)


def _report(shown: str, error: Exception, debug: bool = False) -> None:
    """One line on standard error: the file, the reason, the mend."""
    typer.echo(f"{say('cli.error')} {one_line(line_of(error, shown))}", err=True)
    if debug:
        typer.echo("".join(traceback.format_exception(error)), err=True)


def _leave(failed: int, fallen: bool = False) -> None:
    if failed:
        typer.echo(say("cli.failed", count=failed), err=True)
    raise typer.Exit(FAILED if failed or fallen else OK)


def _console(stderr: bool = False) -> "Console":
    from rich.console import Console

    stream = sys.stderr if stderr else sys.stdout
    return Console(stderr=stderr, highlight=False, width=None if stream.isatty() else _WIDTH_OF_PIPES)


@contextmanager
def _progress(total: int) -> "Iterator[Callable[..., None]]":
    """A bar on standard error where that is a terminal: notices, characters, errors, time gone and to come. Yields what to call when one is done."""
    if not total or not sys.stderr.isatty():
        yield lambda *_, **__: None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

    console = _console(stderr=True)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[sums]}"),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[shown]}", markup=False),
    )
    characters = errors = 0
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task(say("cli.progress"), total=total, shown="", sums="")

        def step(shown: str, read: int = 0, *, failed: bool = False) -> None:
            nonlocal characters, errors
            characters, errors = characters + read, errors + failed
            sums = say("cli.progress.sums", characters=f"{characters:,}", errors=errors) if characters else ""
            progress.update(task, advance=1, shown=one_line(shown), sums=sums)

        yield step
