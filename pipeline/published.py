"""The rulesets below a folder (outputs/): which editions there are, and each one's bytes. The files are the truth; nothing is kept but what was parsed."""

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from pydantic import ValidationError

from pipeline.editions import RULESET_ENDING
from pipeline.errors import NoticeError
from schemas.ruleset import Ruleset


@dataclass(frozen=True)
class Published:
    """One edition. `name` is its path below the folder without the ending: series/2023."""

    name: str
    path: Path

    @property
    def series(self) -> str:
        return self.name.rpartition("/")[0]

    @property
    def edition(self) -> str:
        return self.name.rpartition("/")[2]

    def data(self) -> bytes:
        """Raises OSError where the file has gone."""
        return self.path.read_bytes()

    def made(self) -> bool:
        """Whether it is a test edition that no authority issued. Raises NoticeError where the file is no ruleset, OSError where it has gone."""
        return _parsed(self.data(), str(self.path)).source.made

    def load(self) -> Ruleset:
        """Raises NoticeError where the file is no ruleset or that of a made test edition, OSError where it has gone."""
        ruleset = _parsed(self.data(), str(self.path))
        if ruleset.source.made:
            raise NoticeError("publish.made", str(self.path))
        return ruleset


def editions(folder: Path) -> dict[str, Published]:
    """Every ruleset below the folder by name, in order; hidden files and folders are passed over."""
    below = sorted(path.relative_to(folder) for path in folder.rglob(f"*{RULESET_ENDING}") if path.is_file())
    shown = (path for path in below if not any(part.startswith(".") for part in path.parts))
    named = ((path.as_posix().removesuffix(RULESET_ENDING), folder / path) for path in shown)
    return {name: Published(name, path) for name, path in named}


def digest(data: bytes) -> str:
    """SHA-256 in hex."""
    return hashlib.sha256(data).hexdigest()


@lru_cache(maxsize=64)
def _parsed(data: bytes, file: str) -> Ruleset:
    try:
        return Ruleset.from_json(data)
    except (ValidationError, ValueError) as error:
        raise NoticeError("serve.ruleset", file) from error
