"""Files that are either whole or not there: what is written is renamed into place when it is complete."""

import os
from pathlib import Path


def write_atomic(path: Path, data: bytes) -> None:
    """Write `data` to `path`, making its folders; a reader sees the former file or the new one, never a part. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with unfinished.open("wb") as file:
            file.write(data)
        os.replace(unfinished, path)
    except OSError as error:
        error.filename = str(path)  # nobody knows it by the name that it has while it is written
        raise
    finally:
        unfinished.unlink(missing_ok=True)


def remove_unfinished(folder: Path) -> None:
    """Take away what processes that were killed while they wrote have left in a folder and below."""
    for where, _, names in os.walk(folder):
        for name in names:
            begun = name.removesuffix(".part")
            process = begun.rpartition(".")[2]
            if name.startswith(".") and begun != name and process.isdigit() and not _lives(int(process)):
                Path(where, name).unlink(missing_ok=True)


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
