"""A ruleset as Parquet, for analysis: the table of `rows.py`, text as strings, numbers as exact decimals. The same ruleset gives the same bytes."""

import io
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.export.rows import COLUMNS, NUMBERS, TEXTS, Cell, rows
from pipeline.language import Language
from schemas.ruleset import Ruleset

_DIGITS, _PLACES = 38, 8


def parquet_bytes(ruleset: Ruleset, language: Language = "zh") -> bytes:
    """The Parquet file, a row a rule and scope cell."""
    fields = [pa.field(name, _type(name)) for name in COLUMNS]
    table = pa.Table.from_pylist([{name: _fitting(cell) for name, cell in row.items()} for row in rows(ruleset, language)], pa.schema(fields))
    out = io.BytesIO()
    pq.write_table(table, out)
    return out.getvalue()


def _type(name: str) -> pa.DataType:
    if name in NUMBERS:
        return pa.decimal128(_DIGITS, _PLACES)
    return pa.string() if name in TEXTS else pa.int64()


def _fitting(cell: Cell) -> Cell:
    """Null for a number that the column cannot hold exactly; the text column has it."""
    if not isinstance(cell, Decimal):
        return cell
    exact = cell.quantize(Decimal(1).scaleb(-_PLACES)) if cell.adjusted() < _DIGITS - _PLACES - 10 else None
    return exact if exact == cell else None
