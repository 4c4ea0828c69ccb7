"""What a comparison writes: which files, and where. All of them are rendered before the first is written."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline import batch
from pipeline.atomic import write_atomic
from pipeline.language import Language
from pipeline.report.changes_view import ChangesView, view
from schemas.changes import Changes
from schemas.ruleset import Ruleset


@dataclass(frozen=True)
class Compared:
    """Two editions with what changed between them."""

    old: Ruleset
    new: Ruleset
    changes: Changes

    def view(self, language: Language) -> ChangesView:
        return view(self.changes, self.old, self.new, language)

    @property
    def name(self) -> str:
        """2022-2023: the folder of one comparison among several."""
        return "-".join(side.notice.edition or Path(side.source.file).stem for side in (self.old, self.new))


def _json(compared: Compared, language: Language) -> bytes:
    return compared.changes.to_json().encode()


def _html(compared: Compared, language: Language) -> bytes:
    from pipeline.report.changes_page import render_changes_page  # loads jinja2

    return render_changes_page(compared.changes, compared.old, compared.new, language).encode()


def _xlsx(compared: Compared, language: Language) -> bytes:
    from pipeline.export.changes_xlsx import changes_workbook  # loads openpyxl

    return changes_workbook(compared.view(language))


def _docx(compared: Compared, language: Language) -> bytes:
    from pipeline.export.changes_docx import changes_document  # loads python-docx

    return changes_document(compared.view(language))


WRITERS: dict[str, Callable[[Compared, Language], bytes]] = {"json": _json, "html": _html, "xlsx": _xlsx, "docx": _docx}
"""Formats in order; each is written to changes.<format>."""


def write_changes(compared: Compared, folder: Path, formats: Iterable[str], language: Language) -> tuple[Path, ...]:
    """Write a comparison in the formats asked for; returns the files. Raises OSError."""
    asked = set(formats)
    made = [(folder / f"changes.{name}", render(compared, language)) for name, render in WRITERS.items() if name in asked]
    for path, data in made:
        write_atomic(path, data)
    return tuple(path for path, _ in made)


def write_all(results: Sequence[Compared], folder: Path, formats: Iterable[str], language: Language, *, history: bool) -> tuple[Path, ...]:
    """A comparison into the folder; those of a history into folders of their own below it."""
    formats = tuple(formats)
    targets = [folder / result.name if history else folder for result in results]
    return tuple(path for result, target in zip(results, targets, strict=True) for path in write_changes(result, target, formats, language))


def write_history(
    results: Sequence[Compared], folder: Path, formats: Iterable[str], language: Language, aliases: Sequence[tuple[str, str]]
) -> tuple[Path, ...]:
    """Every rule through the years, as page and as JSON, as far as these are asked for."""
    from pipeline.history import history  # loads scipy
    from pipeline.report.history_page import render_history  # loads jinja2

    found = history([results[0].old, *(result.new for result in results)], [result.changes for result in results], aliases)
    texts = {"json": found.to_json(), "html": render_history(found, language)}
    made = [(folder / f"history.{name}", text.encode()) for name, text in texts.items() if name in set(formats)]
    for path, data in made:
        write_atomic(path, data)
    return tuple(path for path, _ in made)


def folder_for(series: Path | None, out: Path | None) -> Path:
    """Where the files of a comparison go: the folder asked for, else the outputs/ of the series' corpus, else the current folder."""
    if out is not None:
        return out
    corpus = batch.corpus_of(series) if series is not None else None
    return batch.near(corpus.parent / batch.OUTPUTS / series.name) if corpus is not None and series is not None else Path()
