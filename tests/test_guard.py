"""Reading under limits: whatever a file does to its reader, it is this file's error, and the next file is read."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from test_read_docx import make

from pipeline.errors import ReadError
from pipeline.readers import guard as module
from pipeline.readers.guard import Guard, Limits, read_guarded
from pipeline.readers.read import read

NOTICE = "关于开展2023年度职称评审工作的通知\n各有关单位：\n评审费每人280元。\n"
DOCX = make("<w:p><w:r><w:t>关于评审的通知</w:t></w:r></w:p>")
MB = 2**20


@pytest.fixture(scope="module")
def guard() -> Iterator[Guard]:
    with Guard(Limits(seconds=20, memory=512 * MB)) as shared:
        yield shared


MISCHIEF = """
import os, sys, time
from pipeline.readers import guard, progress, read
deeds = {
    "hang.docx": lambda: time.sleep(60),
    "die.docx": lambda: os._exit(3),
    "kill.docx": lambda: os.kill(os.getpid(), 9),
    "abort.docx": lambda: os.abort(),
    "bug.docx": lambda: [][1],
    "deep.docx": lambda: (lambda f: f(f))(lambda f: f(f)),
    "eat.docx": lambda: b"x" * 2**31,
    "slow.docx": lambda: [(time.sleep(0.4), progress.step()) for _ in range(5)],
}
honest = read.read
def dishonest(path, password=None):
    deeds.get(path.name, lambda: None)()
    return honest(path, password)
guard.read = dishonest
from pathlib import Path
"""


def ends(tmp_path: Path, *names: str, seconds: float = 1.0) -> list[str]:
    """How the files of these names end, one after the other in one guard, each with what the name says done in its worker."""
    for name in names:
        (tmp_path / name).write_bytes(DOCX)
    (tmp_path / "sitecustomize.py").write_text("import os\nif os.environ.get('MISCHIEF') == 'on':\n    import mischief\n", encoding="utf-8")
    (tmp_path / "mischief.py").write_text(MISCHIEF, encoding="utf-8")
    program = (
        "import os, sys; from pathlib import Path; from pipeline.readers.guard import Guard, Limits; from pipeline.errors import ReadError\n"
        "os.environ['MISCHIEF'] = 'on'\n"
        f"with Guard(Limits(seconds={seconds}, memory=512 * 2**20)) as guard:\n"
        f"    for name in {names!r}:\n"
        "        try:\n            print(guard.read(Path(sys.argv[1], name)).text)\n"
        "        except ReadError as error:\n            print(error.code, error.details.get('reason', ''))\n"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(tmp_path), str(Path(__file__).parents[1])]), "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run([sys.executable, "-c", program, str(tmp_path)], capture_output=True, env=environment, check=True, timeout=120)
    return done.stdout.decode("utf-8").splitlines()


def test_every_end_is_the_files_own_error_and_the_next_file_is_read(tmp_path: Path) -> None:
    names = ("a.docx", "hang.docx", "b.docx", "die.docx", "kill.docx", "abort.docx", "bug.docx", "deep.docx", "eat.docx", "c.docx")
    assert ends(tmp_path, *names) == [
        "关于评审的通知",
        "read.timed_out ",
        "关于评审的通知",
        "read.crashed exit code 3",
        "read.out_of_memory ",
        "read.out_of_memory ",
        "read.crashed IndexError: list index out of range",
        "read.crashed RecursionError: maximum recursion depth exceeded",
        "read.out_of_memory ",
        "关于评审的通知",
    ]


def test_a_reading_that_goes_on_is_waited_for(tmp_path: Path) -> None:
    assert ends(tmp_path, "slow.docx") == ["关于评审的通知"]


def test_the_same_document_as_without_a_guard(guard: Guard, tmp_path: Path) -> None:
    path = tmp_path / "通知.docx"
    path.write_bytes(DOCX)
    assert guard.read(path) == read(path) == guard.read_bytes(DOCX, "通知.docx")


def test_one_worker_for_many_files_and_another_after_its_death(guard: Guard, tmp_path: Path) -> None:
    path = tmp_path / "通知.docx"
    path.write_bytes(DOCX)
    guard.read(path)
    first = guard._worker.pid
    guard.read(path)
    assert guard._worker.pid == first
    guard._worker.kill()
    guard._worker.join()
    guard.read(path)
    assert guard._worker.pid != first


def test_a_small_text_needs_no_worker(tmp_path: Path) -> None:
    path = tmp_path / "通知.txt"
    path.write_text(NOTICE, encoding="utf-8")
    with Guard() as guard:
        assert guard.read(path) == read(path) == guard.read_bytes(NOTICE.encode(), "通知.txt")
        assert guard._worker is None
        path.write_text(NOTICE * 30_000, encoding="utf-8")
        guard.read(path)
        assert guard._worker is not None


@pytest.mark.parametrize("name", ["nothing.txt", "."])
def test_what_is_no_file(guard: Guard, name: str, tmp_path: Path) -> None:
    with pytest.raises(ReadError) as caught:
        guard.read(tmp_path / name)
    assert caught.value.code in ("read.not_found", "read.not_a_file")
    assert caught.value.file == str(tmp_path / name)


def test_size(tmp_path: Path) -> None:
    path = tmp_path / "通知.txt"
    path.write_bytes(b"x" * 101)
    for reading in (lambda: read_guarded(path, limits=Limits(bytes=100)), lambda: Guard(Limits(bytes=100)).read_bytes(b"x" * 101, "x.txt")):
        with pytest.raises(ReadError) as caught:
            reading()
        assert caught.value.code == "read.too_large"


def test_a_password_reaches_the_reader(guard: Guard) -> None:
    from test_read_archive import encrypted

    assert guard.read_bytes(encrypted(), "x.zip", "secret").source.parts == ("通知.txt",)
    with pytest.raises(ReadError) as caught:
        guard.read_bytes(encrypted(), "x.zip")
    assert (caught.value.code, caught.value.details) == ("read.encrypted", {"part": "通知.txt"})


def test_an_interruption_leaves_no_worker_with_half_an_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    with Guard() as guard:
        guard.read_bytes(DOCX, "a.docx")
        monkeypatch.setattr(Guard, "_answer", interrupted)
        with pytest.raises(KeyboardInterrupt):
            guard.read_bytes(DOCX, "a.docx")
        assert guard._worker is None


def test_the_shared_guard_of_a_set_of_limits_is_started_once() -> None:
    assert module._shared(Limits()) is module._shared(Limits())


def test_the_main_module_is_not_run_again(tmp_path: Path) -> None:
    path = tmp_path / "通知.docx"
    path.write_bytes(DOCX)
    script = tmp_path / "script.py"
    script.write_text(
        "import sys; from pathlib import Path; from pipeline.readers.guard import read_guarded; print(read_guarded(Path(sys.argv[1])).text)",
        encoding="utf-8",
    )
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1]), "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run([sys.executable, str(script), str(path)], capture_output=True, check=True, env=environment, timeout=60)
    assert done.stdout.decode().split() == ["关于评审的通知"]
