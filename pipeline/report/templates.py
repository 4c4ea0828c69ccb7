"""The templates, styles and scripts of this folder. Templates are compiled once, also over processes, and kept beside the compiled expressions."""

import base64
import contextlib
import hashlib
import marshal
import sys
from functools import cache
from pathlib import Path

import jinja2
from jinja2.bccache import Bucket

from extractors.expressions import cache_folder, is_ours
from pipeline.atomic import write_atomic

_FOLDER = Path(__file__).parent


@cache
def template(name: str) -> jinja2.Template:
    """A template of this folder; whatever goes into it is escaped."""
    return _environment().get_template(name)


@cache
def asset(name: str) -> str:
    """A style or script of this folder, as it goes into a page."""
    return (_FOLDER / name).read_text(encoding="utf-8")


def csp_hash(text: str) -> str:
    """What a content security policy names an inline style or script by."""
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


@cache
def _environment() -> jinja2.Environment:
    folder = cache_folder()
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(_FOLDER),
        bytecode_cache=_Compiled(folder) if folder else None,
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


class _Compiled(jinja2.BytecodeCache):
    """Compiled templates in a folder, each with the checksum of what it was made of. Jinja's own cache of files holds a pickle; plain values do."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def load_bytecode(self, bucket: Bucket) -> None:
        with contextlib.suppress(OSError, EOFError, ValueError, TypeError):
            checksum, code = marshal.loads(self._file(bucket).read_bytes()) if is_ours(self._file(bucket)) else (None, None)
            if checksum == bucket.checksum:
                bucket.code = code

    def dump_bytecode(self, bucket: Bucket) -> None:
        with contextlib.suppress(OSError):
            write_atomic(self._file(bucket), marshal.dumps((bucket.checksum, bucket.code)))

    def _file(self, bucket: Bucket) -> Path:
        return self._folder / f"template-{sys.implementation.cache_tag}-jinja-{jinja2.__version__}-{bucket.key}"
