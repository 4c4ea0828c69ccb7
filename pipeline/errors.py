"""What can go wrong for a person: every error names the file, the reason and the mend, in the person's language."""

import contextlib
import errno
import os

from pipeline.language import say

_REASONS = {
    errno.ENOSPC: "os.full",
    errno.EDQUOT: "os.quota",
    errno.EROFS: "os.read_only",
    errno.EACCES: "os.denied",
    errno.EPERM: "os.denied",
    errno.EFBIG: "os.too_big",
    errno.ENAMETOOLONG: "os.long_name",
    errno.ENOENT: "os.missing",
    errno.ENOTDIR: "os.no_folder",
    errno.EEXIST: "os.no_folder",
    errno.EISDIR: "os.is_folder",
}
"""What systems say in English, or in a language of their own."""


class NoticeError(Exception):
    """An input that cannot be used. `code` is a row of messages.tsv, `details` fill its blanks."""

    def __init__(self, code: str, file: str, **details: object) -> None:
        super().__init__(code)
        self.code, self.file, self.details = code, file, details

    def __str__(self) -> str:
        return f"{self.file}: {say(self.code, None, **self.details)}"

    def __reduce__(self) -> tuple[object, ...]:  # survives the way home from a worker process
        return _rebuild, (type(self), self.code, self.file, self.details)


class ReadError(NoticeError):
    """A file that no reader can make a Document of."""


def reason_of(error: OSError) -> str:
    """Why the system would not, in the person's language where it is one of the usual reasons."""
    said = _REASONS.get(error.errno or 0)
    return say(said) if said else error.strerror or str(error) or type(error).__name__


def line_of(error: Exception, shown: str) -> str:
    """An error as one line for people: what it is about, the reason, the mend. `shown`: what it is about, where it does not say."""
    if isinstance(error, NoticeError):
        return f"{shown}: {say(error.code, None, **error.details)}"
    if isinstance(error, OSError):
        return say("cli.os_error", path=readable(str(error.filename or shown)), reason=reason_of(error))
    first = next(iter(str(error).splitlines()), "")
    return f"{shown}: {say('cli.internal', error=f'{type(error).__name__}: {first}')}"


def readable(name: str) -> str:
    """A path as people read it: a name whose bytes the system's locale does not know is taken as UTF-8, then as GB18030."""
    return os.sep.join(map(_decoded, name.split(os.sep)))


def _decoded(name: str) -> str:
    try:
        name.encode()
    except UnicodeEncodeError:
        data = os.fsencode(name)
        for encoding in ("utf-8", "gb18030"):
            with contextlib.suppress(UnicodeDecodeError):
                return data.decode(encoding)
        return data.decode("ascii", "backslashreplace")
    return name


def _rebuild(kind: type[NoticeError], code: str, file: str, details: dict[str, object]) -> NoticeError:
    return kind(code, file, **details)
