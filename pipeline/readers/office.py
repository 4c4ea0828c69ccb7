"""DOC, WPS, RTF and ODT → Document: LibreOffice writes a DOCX of them, which the DOCX reader reads.

LibreOffice runs without a window, with a profile of its own that is made for each file and thrown away, under a time and a memory limit. The
profile forbids macros, links that update themselves and the network. WPS writes the format of Word 97 under its own extension.
"""

import contextlib
import hashlib
import os
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from pipeline.errors import ReadError
from pipeline.readers.docx import read_docx
from schemas.document import Document

SECONDS = 60  # for the conversion
MEMORY = 2 * 2**30  # bytes that LibreOffice may fill
PROGRAMS = ("soffice", "libreoffice")
_ELSEWHERE = ("/Applications/LibreOffice.app/Contents/MacOS/soffice", r"C:\Program Files\LibreOffice\program\soffice.exe")

_WORD_STREAM = "WordDocument".encode("utf-16-le") + bytes(2)
_FIB_MAGIC, _FIB_ENCRYPTED = (0xA5EC, 0xA5DC), 0x0100
_RTF_TAIL = 4096

_SETTINGS: Mapping[tuple[str, str], object] = {
    ("org.openoffice.Office.Common/Security/Scripting", "DisableMacrosExecution"): True,
    ("org.openoffice.Office.Common/Security/Scripting", "DisableActiveContent"): True,
    ("org.openoffice.Office.Common/Security/Scripting", "BlockUntrustedRefererLinks"): True,
    ("org.openoffice.Office.Writer/Content/Update", "Link"): 2,  # never
    ("org.openoffice.Inet/Settings", "ooInetProxyType"): 2,  # a proxy, at a port where nothing listens
    ("org.openoffice.Inet/Settings", "ooInetHTTPProxyName"): "127.0.0.1",
    ("org.openoffice.Inet/Settings", "ooInetHTTPProxyPort"): 9,
    ("org.openoffice.Inet/Settings", "ooInetHTTPSProxyName"): "127.0.0.1",
    ("org.openoffice.Inet/Settings", "ooInetHTTPSProxyPort"): 9,
    ("org.openoffice.Inet/Settings", "ooInetNoProxy"): "",
}


def read_word(data: bytes, file: str) -> Document:
    """The bytes of a DOC or WPS → Document; what it raises, see `_read`; read.encrypted too, for a password cannot be handed on."""
    if _is_encrypted(data):
        raise ReadError("read.encrypted", file)
    return _read(data, file, ".doc", "application/msword")


def read_rtf(data: bytes, file: str) -> Document:
    """The bytes of an RTF → Document; read.truncated where its end is cut off, and what `_read` raises."""
    if b"}" not in data[-_RTF_TAIL:]:
        raise ReadError("read.truncated", file)
    return _read(data, file, ".rtf", "application/rtf")


def read_odt(data: bytes, file: str) -> Document:
    """The bytes of an ODT → Document; what it raises, see `_read`."""
    return _read(data, file, ".odt", "application/vnd.oasis.opendocument.text")


def _read(data: bytes, file: str, suffix: str, media_type: str) -> Document:
    """The Document of the DOCX that LibreOffice makes of a file; Source is that of the original bytes.

    Raises ReadError: read.needs_libreoffice, read.timed_out, read.damaged (LibreOffice makes nothing of it), and what `read_docx` raises.
    """
    if not data:
        raise ReadError("read.empty", file)
    document = read_docx(_converted(data, file, suffix), file)
    source = document.source.model_copy(update={"media_type": media_type, "sha256": hashlib.sha256(data).hexdigest(), "reader": "office+docx"})
    return document.model_copy(update={"source": source})


def program() -> str | None:
    """The path of LibreOffice, where it is installed."""
    found = next(filter(None, map(shutil.which, PROGRAMS)), None)
    return found or next((path for path in _ELSEWHERE if Path(path).is_file()), None)


def _converted(data: bytes, file: str, suffix: str) -> bytes:
    office = program()
    if office is None:
        raise ReadError("read.needs_libreoffice", file)
    with tempfile.TemporaryDirectory(prefix="noticerules-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        (folder / f"notice{suffix}").write_bytes(data)
        profile = folder / "profile"
        (profile / "user").mkdir(parents=True)
        (profile / "user" / "registrymodifications.xcu").write_text(_settings(), encoding="utf-8")
        command = [
            office,
            f"-env:UserInstallation={profile.as_uri()}",
            "--headless",
            "--norestore",
            "--convert-to",
            "docx:MS Word 2007 XML",
            "--outdir",
            str(folder / "out"),
            str(folder / f"notice{suffix}"),
        ]
        _run(command, folder, file)
        made = folder / "out" / "notice.docx"
        if not made.is_file():
            raise ReadError("read.damaged", file, part=suffix.removeprefix(".").upper())
        return made.read_bytes()


def _run(command: list[str], folder: Path, file: str) -> None:
    """Run a program to its end, with nothing left of it after the time limit or an interruption."""
    environment = {**os.environ, "HOME": str(folder), "TMPDIR": str(folder), "SAL_USE_VCLPLUGIN": "svp"}
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=environment,
        start_new_session=True,
        preexec_fn=_limit_memory if sys.platform == "linux" else None,  # noqa: PLW1509  no threads but this one
    )
    try:
        process.wait(SECONDS)
    except subprocess.TimeoutExpired:
        raise ReadError("read.timed_out", file, seconds=SECONDS) from None
    finally:
        if sys.platform != "win32":
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)  # the launcher's children too
        process.kill()
        process.wait()


def _limit_memory() -> None:
    """Between fork and exec: a limit of its own in place of the worker's, which may be too narrow for LibreOffice."""
    if sys.platform == "linux":
        import resource

        hard = resource.getrlimit(resource.RLIMIT_DATA)[1]
        resource.setrlimit(resource.RLIMIT_DATA, (MEMORY if hard == resource.RLIM_INFINITY else min(MEMORY, hard), hard))


def _settings() -> str:
    """The profile's settings as LibreOffice keeps them."""
    items = "".join(
        f'<item oor:path="/{path}"><prop oor:name="{name}" oor:op="fuse"><value>{str(value).lower()}</value></prop></item>'
        for (path, name), value in _SETTINGS.items()
    )
    return f'<?xml version="1.0" encoding="UTF-8"?><oor:items xmlns:oor="http://openoffice.org/2001/registry">{items}</oor:items>'


def _is_encrypted(data: bytes) -> bool:
    """Whether the file information block, at the head of the Word stream, says so ([MS-DOC] 2.5.1)."""
    entry = data.find(_WORD_STREAM)
    if entry < 0 or len(data) < entry + 128:
        return False
    sector_size = 1 << min(struct.unpack_from("<H", data, 30)[0], 12)
    begin = (struct.unpack_from("<I", data, entry + 116)[0] + 1) * sector_size
    if begin + 12 > len(data):
        return False
    return struct.unpack_from("<H", data, begin)[0] in _FIB_MAGIC and bool(struct.unpack_from("<H", data, begin + 10)[0] & _FIB_ENCRYPTED)
