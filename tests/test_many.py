"""Many notices: nothing lost, nothing done twice, and what dies or hangs costs its own file alone."""

import errno
import json
import multiprocessing
import os
import resource
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from pipeline import extraction, many
from pipeline.atomic import write_atomic
from pipeline.batch import Outcome, plan
from pipeline.errors import NoticeError
from pipeline.extraction import Options
from pipeline.manifest import NAME, Manifest, rows
from pipeline.readers.guard import Limits

NOTICE = """关于开展{year}年度全市水利专业工程师评审工作的通知
各县（市、区）人力社保局：
一、申报时间
个人申报截止时间为{year}年8月31日。
二、评审费
每人{fee}元。
三、其他
弄虚作假的，取消评审资格。
"""
JSON = Options(("json",), "zh")


def notices(folder: Path, count: int, *names: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name in (*(f"{number:02d}" for number in range(count)), *names):
        (folder / f"{name}.txt").write_text(NOTICE.format(year=2020 + len(name), fee=100 + len(name)), encoding="utf-8")


def run(folder: Path, out: Path, workers: int = 2, **more: Any) -> list[Outcome]:
    return list(many.outcomes(plan([str(folder)], out).jobs, JSON, manifest_in=out, workers=workers, **more))


def told(out: Path) -> dict[str, str]:
    return {row["target"]: row["status"] for row in rows(out / NAME)}


def noticerules(*arguments: object, before: Sequence[str] = (), **more: Any) -> "subprocess.Popen[str]":
    line = [*before, sys.executable, "-c", "from pipeline.cli import app; app()", *map(str, arguments)]
    return subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8", **more)


def test_a_second_run_does_only_what_has_changed_and_force_does_all(tmp_path: Path) -> None:
    source, out = tmp_path / "in", tmp_path / "out"
    notices(source, 4)
    assert [outcome.skipped for outcome in run(source, out)] == [False] * 4
    (source / "02.txt").write_text(NOTICE.format(year=2031, fee=7), encoding="utf-8")
    (out / "03.ruleset.json").unlink()
    os.utime(source / "00.txt", (4e9, 4e9))  # a clock that jumps says nothing of the bytes
    assert [outcome.skipped for outcome in run(source, out)] == [True, True, False, False]
    assert "2031" in (out / "02.ruleset.json").read_text(encoding="utf-8")
    assert [outcome.skipped for outcome in run(source, out)] == [True] * 4
    assert [outcome.skipped for outcome in run(source, out, force=True)] == [False] * 4
    assert [outcome.skipped for outcome in many.outcomes(plan([str(source)], out).jobs, Options(("json", "html"), "zh"), manifest_in=out)] == [
        False
    ] * 4


def test_a_notice_that_reviewers_have_decided_on_is_never_passed_over(tmp_path: Path) -> None:
    notices(tmp_path / "in", 2)
    (tmp_path / "in" / "00.decisions.jsonl").touch()
    for skipped in ([False, False], [False, True]):
        assert [outcome.skipped for outcome in run(tmp_path / "in", tmp_path / "out")] == skipped
    assert told(tmp_path / "out") == {"00": "extracted", "01": "extracted"}


def test_what_comes_out_does_not_depend_on_how_many_work(tmp_path: Path) -> None:
    notices(tmp_path / "in", 5)
    (tmp_path / "in" / "01x.pdf").write_bytes(b"%PDF-1.7 nothing")
    found = []
    for workers in (1, 3):
        out = tmp_path / f"out{workers}"
        order = [outcome.job.source and outcome.job.source.name for outcome in run(tmp_path / "in", out, workers)]
        lines = [{k: v for k, v in row.items() if k not in ("seconds", "finished")} for row in rows(out / NAME)]
        found.append((order, lines, {path.name: path.read_bytes() for path in out.glob("*.json")}))
    assert found[0] == found[1]
    assert found[0][0] == ["00.txt", "01.txt", "01x.pdf", "02.txt", "03.txt", "04.txt"]
    refused = next(line for line in found[0][1] if line["status"] != "extracted")
    assert (refused["status"], refused["target"], refused["outputs"]) == ("refused", "01x", {})
    assert "01x.pdf" in refused["reason"]


def misbehaves(question: dict[str, Any], data: bytes) -> dict[str, Any]:
    """What a notice could do to a worker at worst; stands in a module, so that a worker finds it."""
    if question["file"].startswith("dies"):
        os.kill(os.getpid(), signal.SIGKILL)
    if question["file"].startswith("hangs"):
        time.sleep(600)
    if question["file"].startswith("hungry"):
        bytearray(2**40)
    return extraction._extracted(question, data)  # a worker imports the true one


def test_a_notice_that_kills_or_hangs_its_worker_costs_itself_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extraction, "_extracted", misbehaves)
    monkeypatch.setattr(extraction, "LIMITS", Limits(seconds=15))
    notices(tmp_path / "in", 4, "dies", "hangs", "hungry", "zz")
    outcomes = run(tmp_path / "in", tmp_path / "out")
    status = told(tmp_path / "out")
    assert {target for target, said in status.items() if said == "failed"} == {"dies", "hangs", "hungry"}
    assert {target for target, said in status.items() if said == "extracted"} == {"00", "01", "02", "03", "zz"}
    codes = {outcome.job.target.name: outcome.error.code for outcome in outcomes if isinstance(outcome.error, NoticeError)}
    assert codes == {"dies": "read.out_of_memory", "hangs": "read.timed_out", "hungry": "read.out_of_memory"}
    monkeypatch.undo()
    assert [outcome.skipped for outcome in run(tmp_path / "in", tmp_path / "out")] == [True] * 4 + [False] * 3 + [True]
    assert set(told(tmp_path / "out").values()) == {"extracted"}


def test_a_run_that_is_killed_leaves_whole_files_and_the_next_one_goes_on(tmp_path: Path) -> None:
    source, out = tmp_path / "通知 夹", tmp_path / "输出 夹"
    notices(source, 20)
    first = noticerules("extract", source, "-o", out, "--jobs", 2, env=os.environ | {"LC_ALL": "C"})
    while first.poll() is None and len(list(rows(out / NAME)) if (out / NAME).exists() else []) < 5:
        time.sleep(0.05)
    first.send_signal(signal.SIGKILL)
    first.communicate()
    (out / f".07.html.{first.pid}.part").write_bytes(b"<ht")  # what a kill in the middle of a write leaves
    with (out / NAME).open("ab") as file:
        file.write(b'{"file": "04')
    done = len(list(rows(out / NAME)))
    assert 5 <= done < 20
    for path in out.glob("*.json"):
        assert json.loads(path.read_bytes())["schema_version"]
    second = noticerules("extract", source, "-o", out, env=os.environ | {"LC_ALL": "C"})
    shown, problems = second.communicate()
    assert (second.returncode, problems) == (0, "")
    assert f"{done} notice(s) were extracted before" in shown
    assert set(told(out).values()) == {"extracted"}
    assert len(told(out)) == 20
    assert len(list(out.glob("*.json"))) == 20
    assert not list(out.glob(".*"))


def test_a_full_disk_ends_the_run_with_what_is_done_and_the_next_one_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    notices(tmp_path / "in", 6)
    written: list[Path] = []

    def write(path: Path, data: bytes) -> None:
        if len(written) == 3:
            raise OSError(errno.ENOSPC, "No space left on device", str(path))
        written.append(path)
        write_atomic(path, data)

    monkeypatch.setattr(many, "write_atomic", write)
    with pytest.raises(OSError, match="No space left"):
        run(tmp_path / "in", tmp_path / "out")
    assert list(told(tmp_path / "out").values()) == ["extracted"] * 3
    monkeypatch.undo()
    assert sum(outcome.skipped for outcome in run(tmp_path / "in", tmp_path / "out")) == 3


def with_disk(folder: Path, options: str) -> list[str]:
    """What stands before a command that shall find a file system of its own in the folder; what it left there lies in `after`, beside it."""
    script = 'mount -t tmpfs -o "$0" none "$1" || exit 99; at=$1; shift; "$@"; status=$?; cp -a "$at" "$at/../after"; exit $status'
    return ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", script, options, str(folder)]


def may_mount() -> bool:
    """Whether this account may have file systems of its own; inside some containers it may not."""
    try:
        return subprocess.run(["unshare", "--user", "--map-root-user", "--mount", "true"], check=False, capture_output=True).returncode == 0
    except OSError:
        return False


@pytest.mark.parametrize("size", ["48k", "100k"] if may_mount() else [])
def test_a_disk_that_really_is_full_ends_the_run_with_whole_files_and_one_clear_line(tmp_path: Path, size: str) -> None:
    source, out, left = tmp_path / "in", tmp_path / "out", tmp_path / "after"
    notices(source, 20)
    out.mkdir()
    line = ["extract", source, "-o", out, "--jobs", 2, "--format", "json", "--no-ner", "--lang", "zh"]
    done = noticerules(*line, before=with_disk(out, f"size={size}"))
    _, problems = done.communicate()
    assert done.returncode == 1
    assert "磁盘已满；请检查路径、权限和磁盘空间。" in problems.splitlines()[0]
    assert len(problems.splitlines()) <= 2
    assert not list(left.glob(".*"))
    whole = {path.name for path in left.glob("*.json") if json.loads(path.read_bytes())["schema_version"]}
    assert 0 < len(whole) < 20
    assert {name for row in rows(left / NAME) for name in row["outputs"]} <= whole
    again = noticerules("extract", source, "-o", left, "--format", "json", "--no-ner")
    again.communicate()
    assert (again.returncode, set(told(left).values()), len(told(left))) == (0, {"extracted"}, 20)


@pytest.mark.parametrize("options", ["ro"] if may_mount() else [])
def test_a_read_only_disk_is_one_clear_line(tmp_path: Path, options: str) -> None:
    notices(tmp_path / "in", 3)
    (tmp_path / "out").mkdir()
    line = ["extract", tmp_path / "in", "-o", tmp_path / "out", "--no-ner", "--lang", "zh"]
    done = noticerules(*line, before=with_disk(tmp_path / "out", options))
    _, problems = done.communicate()
    assert done.returncode == 1
    assert problems == f"错误 {tmp_path}/out/{NAME}：所在磁盘或文件夹只能读、不能写；请检查路径、权限和磁盘空间。\n"


def test_an_output_larger_than_the_system_allows_costs_its_notice_alone(tmp_path: Path) -> None:
    source, out = tmp_path / "in", tmp_path / "out"
    notices(source, 4)
    long = (source / "00.txt").read_text(encoding="utf-8")
    (source / "long.txt").write_text(long + "四、要求\n" + "申报人应当如实填写。\n" * 3_000, encoding="utf-8")
    line = ["extract", source, "-o", out, "--format", "json", "--no-ner", "--lang", "zh"]
    limit = 2**17
    done = noticerules(*line, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)))
    _, problems = done.communicate()
    assert done.returncode == 1
    assert problems.splitlines()[0] == f"错误 {out}/long.ruleset.json：超过系统允许的文件大小；请检查路径、权限和磁盘空间。"
    assert told(out) == {"00": "extracted", "01": "extracted", "02": "extracted", "03": "extracted", "long": "failed"}
    assert not list(out.glob(".*"))


def test_a_worker_killed_from_outside_costs_one_notice_at_most(tmp_path: Path) -> None:
    notices(tmp_path / "in", 30)
    killed: list[int] = []
    before = {child.pid for child in multiprocessing.active_children()}

    def kill() -> None:
        while len(list((tmp_path / "out").glob("*.json"))) < 3:
            time.sleep(0.02)
        worker = next(child for child in multiprocessing.active_children() if child.name == "noticerules-reader" and child.pid not in before)
        os.kill(worker.pid or 0, signal.SIGKILL)
        killed.append(worker.pid or 0)

    killer = in_thread(kill)
    outcomes = run(tmp_path / "in", tmp_path / "out")
    killer.join()
    assert killed
    assert len(outcomes) == len(told(tmp_path / "out")) == 30
    assert sum(outcome.error is not None for outcome in outcomes) <= 1
    run(tmp_path / "in", tmp_path / "out")
    assert set(told(tmp_path / "out").values()) == {"extracted"}


def test_a_clock_that_jumps_back_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Jumping(datetime):
        years = iter(range(2090, 1980, -5))

        @classmethod
        def now(cls, tz: Any = None) -> Any:
            return datetime(next(cls.years), 1, 1, tzinfo=tz)

    notices(tmp_path / "in", 3)
    run(tmp_path / "in", tmp_path / "true")
    monkeypatch.setattr(many, "datetime", Jumping)
    monkeypatch.setattr(time, "time", lambda: float(-(10**6)))
    assert [outcome.skipped for outcome in run(tmp_path / "in", tmp_path / "out")] == [False] * 3
    finished = [row["finished"] for row in rows(tmp_path / "out" / NAME)]
    assert len(set(finished)) == 3
    assert all(row["seconds"] >= 0 for row in rows(tmp_path / "out" / NAME))
    monkeypatch.undo()
    assert [outcome.skipped for outcome in run(tmp_path / "in", tmp_path / "out")] == [True] * 3
    written = [{path.name: path.read_bytes() for path in (tmp_path / name).glob("*.json")} for name in ("true", "out")]
    assert written[0] == written[1]


NAMES = ["甲 乙", "b", "关于评审".encode("gbk"), b"x\xff"]


@pytest.mark.parametrize("locale", [{"LC_ALL": "C"}, {"LC_ALL": "POSIX", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}, {"PYTHONIOENCODING": "gbk"}])
def test_names_and_terminals_that_know_other_characters(tmp_path: Path, locale: dict[str, str]) -> None:
    """Names unpacked from a Windows archive, a terminal that is not Unicode's: every notice is extracted, named so that a person knows it, and skipped again."""
    source, out = tmp_path / "通知 夹", tmp_path / "输出 夹"
    source.mkdir()
    for name in NAMES:
        path = os.path.join(os.fsencode(source), name if isinstance(name, bytes) else name.encode()) + b".txt"
        Path(os.fsdecode(path)).write_text(NOTICE.format(year=2023, fee=9), encoding="utf-8")
    environment = os.environ | locale
    for count in (0, 4):
        done = subprocess.run(
            [
                sys.executable,
                "-c",
                "from pipeline.cli import app; app()",
                "extract",
                source,
                "-o",
                out,
                "--no-ner",
                "--lang",
                "en",
                "--format",
                "json",
            ],
            check=False,
            capture_output=True,
            env=environment,
        )
        assert (done.returncode, done.stderr) == (0, b"")
        assert (f"{count} notice(s) were extracted before".encode() in done.stdout) == bool(count)
    named = {Path(row["file"]).stem for row in rows(out / NAME)}
    assert named == {"甲 乙", "b", "关于评审", "x\\xff"}
    assert {json.loads(path.read_bytes())["source"]["file"] for path in out.glob("*.json")} == {f"{name}.txt" for name in named}


def test_two_runs_started_at_once_write_every_file_once(tmp_path: Path) -> None:
    notices(tmp_path / "in", 6)
    both = [noticerules("extract", tmp_path / "in", "-o", tmp_path / "out", "--format", "json", "--no-ner", "--lang", "zh") for _ in range(2)]
    said = [process.communicate()[1] for process in both]
    codes = sorted(process.returncode for process in both)
    assert codes in ([0, 1], [0, 0])  # the second may have come when the first was done
    assert codes == [0, 0] or any("另一次抽取正在写入这个文件夹；请等它结束。" in problems for problems in said)
    assert set(told(tmp_path / "out").values()) == {"extracted"}
    assert len(list(tmp_path.glob("out/*.json"))) == 6


def test_a_second_run_on_the_same_folder_is_told_to_wait(tmp_path: Path) -> None:
    notices(tmp_path / "in", 2)
    with Manifest(tmp_path / "out"):
        second = noticerules("extract", tmp_path / "in", "-o", tmp_path / "out", "--lang", "en")
        _, problems = second.communicate()
    assert second.returncode == 1
    assert problems.splitlines()[0].endswith("another run is writing to this folder; wait for it to end.")
    assert not list((tmp_path / "out").glob("*.json"))


@pytest.mark.parametrize("out", ["/proc/nowhere", "in/00.txt"])
def test_a_folder_that_cannot_be_written_to_is_one_line(tmp_path: Path, out: str) -> None:
    notices(tmp_path / "in", 2)
    done = noticerules("extract", "in", "-o", out, "--lang", "en", cwd=tmp_path, env=os.environ | {"PYTHONPATH": os.getcwd()})
    _, problems = done.communicate()
    assert done.returncode == 1
    assert "check the path, its permissions" in problems.splitlines()[0]
    assert "Traceback" not in problems


def test_windows_line_ends_change_no_rule(tmp_path: Path) -> None:
    notices(tmp_path / "in", 1)
    text = (tmp_path / "in" / "00.txt").read_bytes()
    (tmp_path / "in" / "01.txt").write_bytes(text.replace(b"\n", b"\r\n"))
    run(tmp_path / "in", tmp_path / "out")
    one, other = (json.loads((tmp_path / "out" / f"{name}.ruleset.json").read_bytes()) for name in ("00", "01"))
    assert one["text"] == other["text"]
    assert [rule["key"] for rule in one["rules"]] == [rule["key"] for rule in other["rules"]]
    assert one["rules"]


@pytest.fixture
def cluster() -> Iterator[Any]:
    from distributed import LocalCluster

    with LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None) as made:
        yield made


def test_a_cluster_does_the_same_and_outlives_a_worker(tmp_path: Path, cluster: Any) -> None:
    source, here, there = tmp_path / "in", tmp_path / "here", tmp_path / "there"
    notices(source, 40)
    (source / "99.pdf").write_bytes(b"%PDF-1.7 nothing")
    run(source, here)
    killed: list[int] = []

    def kill() -> None:
        while not list(there.glob("*.json")):
            time.sleep(0.02)
        process = next(iter(cluster.workers.values())).pid
        os.kill(process, signal.SIGKILL)
        killed.append(process)

    killer = in_thread(kill)
    outcomes = run(source, there, scheduler=cluster.scheduler_address)
    killer.join()
    assert killed
    assert [outcome.error for outcome in outcomes[:40]] == [None] * 40
    assert told(there) == told(here)
    assert {path.name: path.read_bytes() for path in there.glob("*.json")} == {path.name: path.read_bytes() for path in here.glob("*.json")}


def test_a_cluster_whose_workers_may_have_children_ends_what_hangs_or_dies(tmp_path: Path) -> None:
    from dask import config
    from distributed import LocalCluster

    notices(tmp_path / "in", 4, "dies", "hangs")
    preload = (
        "import test_many; from pipeline import extraction; from pipeline.readers.guard import Limits\n"
        "extraction.LIMITS, extraction._extracted = Limits(seconds=20), test_many.misbehaves"
    )
    with (
        config.set({"distributed.worker.daemon": False}),
        LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, preload=[preload]) as made,
    ):
        jobs, options = plan([str(tmp_path / "in")], tmp_path / "out").jobs, Options(("json",), "zh", ner=False)
        outcomes = list(many.outcomes(jobs, options, manifest_in=tmp_path / "out", scheduler=made.scheduler_address))
    assert told(tmp_path / "out") == {f"{number:02d}": "extracted" for number in range(4)} | {"dies": "failed", "hangs": "failed"}
    codes = {outcome.job.target.name: outcome.error.code for outcome in outcomes if isinstance(outcome.error, NoticeError)}
    assert codes == {"dies": "read.out_of_memory", "hangs": "read.timed_out"}


def test_documents_travel_to_a_cluster_as_addresses(tmp_path: Path, cluster: Any) -> None:
    notices(tmp_path / "in" / "a", 2)
    planned = plan([f"file://{tmp_path}/in"], tmp_path / "out")
    assert [job.target.relative_to(tmp_path).as_posix() for job in planned.jobs] == ["out/a/00", "out/a/01"]
    address = cluster.scheduler_address
    for skipped in (False, True):
        outcomes = list(many.outcomes(planned.jobs, JSON, manifest_in=planned.manifest_in, scheduler=address))
        assert [(outcome.error, outcome.skipped) for outcome in outcomes] == [(None, skipped)] * 2
    assert set(told(tmp_path / "out")) == {"a/00", "a/01"}


def test_an_address_where_no_cluster_or_file_is_is_one_line(tmp_path: Path) -> None:
    notices(tmp_path / "in", 2)
    with pytest.raises(NoticeError) as caught:
        run(tmp_path / "in", tmp_path / "out", scheduler="tcp://127.0.0.1:9")
    assert caught.value.code == "batch.no_cluster"
    assert [problem.code for problem in plan(["file:///nothing/here", "nosuch://x/y"]).problems] == ["plan.missing", "plan.no_address"]


def in_thread(work: Callable[[], None]) -> threading.Thread:
    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    return thread


def test_workers_end_with_the_run(tmp_path: Path) -> None:
    notices(tmp_path / "in", 3)
    before = {child.pid for child in multiprocessing.active_children()}  # the reader that this process keeps for single notices
    run(tmp_path / "in", tmp_path / "out")
    assert {child.pid for child in multiprocessing.active_children() if child.name == "noticerules-reader"} <= before
