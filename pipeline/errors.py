"""What can go wrong for a person: every error names the file, the reason and the mend, in the person's language."""

from pipeline.language import say


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


def _rebuild(kind: type[NoticeError], code: str, file: str, details: dict[str, object]) -> NoticeError:
    return kind(code, file, **details)
