"""Questions across notices: an SQLite file made from the rulesets below a folder. The files stay the truth; the library is made anew when they change.

Tables: `notices` (an edition a row), `rules` (the rows of `export/rows.py`, without what stands in `notices`), `cites` (a place where a document is
cited), `statements` (a sentence), and `words`, a full-text index of the sentences. Han characters are indexed one by one, so that a phrase of any length is found as it stands.
"""

import re
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from pipeline.atomic import write_atomic
from pipeline.compare import fold_number
from pipeline.errors import NoticeError
from pipeline.export.rows import COLUMNS, NUMBERS, TEXTS, rows
from pipeline.provinces import province_of
from pipeline.published import Published, digest, editions
from schemas.ruleset import Ruleset

FILE = "library.sqlite"
LAYOUT = "1"
"""Raised when the tables change, so that an older file is made anew."""
MOST_ROWS = 100_000

_OF_THE_NOTICE = ("series", "edition", "cycle", "title", "document_number", "issued_on")
_OF_THE_RULE = tuple(name for name in COLUMNS if name not in _OF_THE_NOTICE)

_TABLES = f"""
CREATE TABLE notices (
    id INTEGER PRIMARY KEY, series TEXT, edition TEXT, cycle INTEGER, title TEXT, document_number TEXT, issuers TEXT, issued_on TEXT, province TEXT,
    regions TEXT, levels TEXT, specialties TEXT, file TEXT, sha256 TEXT
);
CREATE TABLE rules (notice INTEGER REFERENCES notices(id), {", ".join(f'"{c}" {"TEXT" if c in (*TEXTS, *NUMBERS) else "INTEGER"}' for c in _OF_THE_RULE)});
CREATE TABLE cites (
    notice INTEGER REFERENCES notices(id), reference TEXT, title TEXT, document_number TEXT, folded TEXT, relation TEXT, clause TEXT, quote TEXT
);
CREATE TABLE statements (id INTEGER PRIMARY KEY, notice INTEGER REFERENCES notices(id), clause TEXT, normative INTEGER, text TEXT);
CREATE VIRTUAL TABLE words USING fts5(text, content='', tokenize='unicode61');
CREATE INDEX rules_subject ON rules (kind, subject);
CREATE INDEX cites_folded ON cites (folded);
CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT);
"""


@dataclass(frozen=True)
class Answer:
    """Rows under their column names."""

    columns: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...]


def library_of(folder: Path, *, rebuild: bool = False) -> Path:
    """The library of a folder, made anew where the rulesets below it are not those that it was made from.

    Raises NoticeError where the folder holds no ruleset, OSError where the file cannot be written.
    """
    found = editions(folder)
    if not found:
        raise NoticeError("find.nothing", str(folder))
    file = folder / FILE
    print_of = _fingerprint(found.values())
    if rebuild or _made_from(file) != print_of:
        write_atomic(file, _made(found.values(), print_of))
    return file


def _fingerprint(published: Iterable[Published]) -> str:
    lines = [f"{one.name} {digest(one.data())}" for one in published]
    return digest("\n".join([LAYOUT, *lines]).encode())


def _made_from(file: Path) -> str | None:
    try:
        with _opened(file) as library:
            row = library.execute("SELECT value FROM about WHERE name = 'fingerprint'").fetchone()
    except (sqlite3.Error, NoticeError):
        return None
    return str(row[0]) if row else None


@contextmanager
def _opened(file: Path) -> Iterator[sqlite3.Connection]:
    """The library, for reading only."""
    if not file.is_file():
        raise NoticeError("find.nothing", str(file))
    with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as library:
        yield library


def _made(published: Iterable[Published], print_of: str) -> bytes:
    with closing(sqlite3.connect(":memory:")) as library:
        library.executescript(_TABLES)
        for number, one in enumerate((one for one in published if not one.made()), 1):
            _add(library, number, one)
        library.execute("INSERT INTO about VALUES ('fingerprint', ?)", (print_of,))
        library.commit()
        return bytes(library.serialize())


def _add(library: sqlite3.Connection, number: int, published: Published) -> None:
    ruleset = published.load()
    notice = ruleset.notice
    _insert(
        library,
        "notices",
        [
            (
                number,
                published.series,
                published.edition,
                notice.cycle,
                notice.title,
                notice.document_number,
                "、".join(notice.issuers),
                notice.issued_on,
                province_of(ruleset),
                "、".join(notice.regions),
                "、".join(notice.levels),
                "、".join(notice.specialties),
                published.name,
                digest(published.data()),
            )
        ],
    )
    cells = ([row[name] for name in _OF_THE_RULE] for row in rows(ruleset))
    _insert(library, "rules", [(number, *(str(cell) if isinstance(cell, Decimal) else cell for cell in row)) for row in cells])
    _insert(library, "cites", list(_cites(number, ruleset)))
    for statement in ruleset.statements:
        text = " ".join(ruleset.text[statement.start : statement.end].split())
        at = library.execute(
            "INSERT INTO statements (notice, clause, normative, text) VALUES (?, ?, ?, ?)", (number, statement.section, statement.normative, text)
        ).lastrowid
        library.execute("INSERT INTO words (rowid, text) VALUES (?, ?)", (at, _apart(text)))


def _insert(library: sqlite3.Connection, table: str, found: Sequence[tuple[object, ...]]) -> None:
    if found:
        library.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(found[0]))})", found)


def _cites(number: int, ruleset: Ruleset) -> Iterator[tuple[object, ...]]:
    for reference in ruleset.references:
        folded = fold_number(reference.document_number or reference.id)
        for place in reference.evidence:
            yield number, reference.id, reference.title, reference.document_number, folded, reference.relation, place.section, place.quote


def _apart(text: str) -> str:
    """Han characters and digits one by one, letters in words."""
    return re.sub(r"([\u3400-\u9fff\U00020000-\U0003ffff0-9])", r" \1 ", text)


# -- questions


def search(file: Path, words: Sequence[str]) -> Answer:
    """The sentences that hold every phrase."""
    phrases = [" ".join(_apart(word).replace('"', " ").split()) for word in words]
    asked = " ".join(f'"{phrase}"' for phrase in phrases if re.search(r"\w", phrase))
    if not asked:
        raise NoticeError("find.no_words", " ".join(words))
    return _ask(
        file,
        """SELECT n.series, n.edition, n.province, s.clause, s.text FROM words JOIN statements s ON s.id = words.rowid JOIN notices n ON n.id = s.notice
           WHERE words MATCH ? ORDER BY n.series, n.cycle, n.edition, s.id""",
        (asked,),
    )


def citing(file: Path, document: str) -> Answer:
    """The notices that cite a document, by 文号 however its brackets are written, or by words of its title."""
    return _ask(
        file,
        """SELECT n.series, n.edition, n.title AS notice, c.title AS cited, c.document_number, c.relation, group_concat(DISTINCT c.clause) AS clauses
           FROM cites c JOIN notices n ON n.id = c.notice WHERE c.folded = ? OR instr(c.title, ?) > 0
           GROUP BY n.id, c.reference ORDER BY n.series, n.cycle, n.edition""",
        (fold_number(document), document.strip("《》 ")),
    )


def fees(file: Path, subject: str) -> Answer:
    """What a fee is, by province and year."""
    return _ask(
        file,
        """SELECT n.province, n.cycle, n.series, r.subject, r.level, r.route, r.value, r.payee, r.clause, r.quote
           FROM rules r JOIN notices n ON n.id = r.notice WHERE r.kind = 'fee' AND instr(r.subject, ?) > 0
           ORDER BY n.province IS NULL, n.province, n.cycle, n.series, r.start""",
        (subject,),
    )


def query(file: Path, sql: str) -> Answer:
    """Any one SELECT. Raises NoticeError for what is none, or is wrong."""
    return _ask(file, sql, ())


_READING = {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE}


def _may(action: int, name: str | None, *_: str | None) -> int:
    """Reading, and what the full-text index asks before it reads."""
    allowed = action in _READING or (action == sqlite3.SQLITE_PRAGMA and name == "data_version")
    return sqlite3.SQLITE_OK if allowed else sqlite3.SQLITE_DENY


def _ask(file: Path, sql: str, values: Sequence[str]) -> Answer:
    with _opened(file) as library:
        library.execute("SELECT rowid FROM words LIMIT 0")  # a full-text index can only be opened before the authorizer looks on
        library.set_authorizer(_may)
        try:
            asked = library.execute(sql, values)
            found = asked.fetchmany(MOST_ROWS)
        except (sqlite3.Error, sqlite3.Warning, ValueError, MemoryError) as error:
            raise NoticeError("find.sql", str(file), reason=" ".join(str(error).split())) from None
        return Answer(tuple(column[0] for column in asked.description or ()), tuple(found))
