"""What SECURITY.md promises of the code itself, looked up in its syntax: nothing that turns data into code, no shell, no YAML that makes objects."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FILES = sorted(path for package in ("schemas", "extractors", "pipeline", "benchmarks", "corpus") for path in (ROOT / package).rglob("*.py"))
NO_MODULES = frozenset({"pickle", "cPickle", "dill", "cloudpickle", "shelve", "joblib", "telnetlib", "ftplib"})
NO_CALLS = frozenset({"eval", "exec", "compile", "__import__", "os.system", "os.popen", "subprocess.getoutput", "subprocess.getstatusoutput"})
NO_YAML = frozenset({"yaml.load", "yaml.load_all", "yaml.full_load", "yaml.unsafe_load", "yaml.unsafe_load_all", "yaml.Loader", "yaml.UnsafeLoader"})
NO_XML = frozenset({"xml.etree.ElementTree.parse", "xml.dom.minidom.parseString", "xml.sax.parse"})
PICKLED = (".pkl", ".pickle", ".joblib", ".pt", ".npy")
OUTPUTS_OF_A_PICKLE = re.compile(rb"\x80[\x02-\x05](?:c|\x95)")


def dotted(node: ast.expr) -> str:
    """os.system of the call os.system(…); nothing of a call on a call."""
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""


def misdeeds(code: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Import | ast.ImportFrom):
            whole = [alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module or ""]
            named = [f"{node.module}.{alias.name}" for alias in node.names] if isinstance(node, ast.ImportFrom) else []
            for name in (*whole, *named):
                if name.partition(".")[0] in NO_MODULES or name in NO_CALLS | NO_YAML | NO_XML:
                    yield f"{node.lineno}: import {name}"
        elif isinstance(node, ast.Attribute) and dotted(node) in NO_YAML:
            yield f"{node.lineno}: {dotted(node)}"
        elif isinstance(node, ast.Call):
            name = dotted(node.func)
            if name in NO_CALLS | NO_XML:
                yield f"{node.lineno}: {name}(…)"
            if any(word.arg == "shell" and not (isinstance(word.value, ast.Constant) and word.value.value is False) for word in node.keywords):
                yield f"{node.lineno}: {name}(shell=…)"
            if name.startswith("subprocess.") and node.args and isinstance(node.args[0], ast.Constant | ast.JoinedStr):
                yield f"{node.lineno}: {name} of a string"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_nothing_turns_data_into_code_or_reaches_a_shell(path: Path) -> None:
    assert list(misdeeds(path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(
    "code",
    [
        "import pickle",
        "from pickle import loads",
        "eval(x)",
        "import os\nos.system('ls')",
        "from os import system",
        "import yaml\nyaml.load(x, yaml.Loader)",
        "import subprocess\nsubprocess.run('ls ' + x, shell=True)",
        "import subprocess\nsubprocess.run(f'ls {x}')",
        "import subprocess\nsubprocess.run(x, shell=flag)",
    ],
)
def test_the_look_up_finds_what_it_is_there_for(code: str) -> None:
    assert list(misdeeds(code))


def test_no_file_that_the_program_reads_is_a_pickle() -> None:
    read = [
        path for package in ("schemas", "extractors", "pipeline") for path in (ROOT / package).rglob("*") if path.is_file() and path.suffix != ".pyc"
    ]
    assert len(read) > 200
    assert [path for path in read if path.suffix in PICKLED or OUTPUTS_OF_A_PICKLE.match(path.read_bytes()[:8])] == []


def test_every_dependency_has_a_reason_and_a_pin() -> None:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    project = tomllib.loads(text)["project"]
    wanted = [*project["dependencies"], *(one for extra in project["optional-dependencies"].values() for one in extra)]
    pins = {line.partition("==")[0].lower() for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines() if "==" in line}
    for requirement in wanted:
        assert re.search(rf'^\s*"{re.escape(requirement)}",\s*# \S.+', text, re.MULTILINE), f"{requirement}: say in pyproject.toml what it is for"
        name = re.split(r"[;\[<>=! ]", requirement)[0].lower()
        assert name in pins or name.replace("_", "-") in pins, f"{name}: pin it in constraints.txt"
