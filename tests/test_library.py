"""Questions across notices: who cites what, fees by province and year, full text in Chinese, SQL; and that the files stay the truth."""

import json
from pathlib import Path

import pytest
from foreign import PUBLISHED, ROOT
from make_ruleset import small_ruleset
from typer.testing import CliRunner, Result

from pipeline.cli import app
from pipeline.errors import NoticeError
from pipeline.library import citing, fees, library_of, query, search
from pipeline.provinces import province_of
from schemas.ruleset import Notice, Ruleset
from schemas.values import Money


@pytest.fixture
def outputs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for year in (2022, 2023):
        ruleset = small_ruleset()
        notice = ruleset.notice.model_copy(update={"cycle": year, "regions": ("绍兴市",)})
        statement = {"section": "二/一", "start": ruleset.text.index("（一）学历"), "end": ruleset.text.index("（二）推荐"), "normative": True}
        ruleset = Ruleset.model_validate({**ruleset.model_dump(by_alias=True), "notice": notice, "statements": [statement]})
        path = tmp_path / f"outputs/water/{year}.ruleset.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(ruleset.to_json(), "utf-8")
    return tmp_path / "outputs"


def test_who_cites_a_document_however_its_number_is_written(outputs: Path) -> None:
    file = library_of(outputs)
    for written in ("甲人社发〔2022〕77号", "甲人社发[2022]77号", "甲人社发（2022） 77 号", "《甲省职称评审办法》", "职称评审办法"):
        found = citing(file, written)
        assert [row[:2] for row in found.rows] == [("water", "2022"), ("water", "2023")]
        assert found.columns[-1] == "clauses"
    assert citing(file, "甲人社发〔2022〕7号").rows == ()


def test_a_fee_by_province_and_year(outputs: Path) -> None:
    found = [dict(zip(fees(library_of(outputs), "评审费").columns, row, strict=True)) for row in fees(library_of(outputs), "评审费").rows]
    assert [(row["province"], row["cycle"], row["level"], row["value"]) for row in found] == [
        ("浙江", 2022, "副高级", "280 元/人"),
        ("浙江", 2022, "中级", "180 元/人"),
        ("浙江", 2023, "副高级", "280 元/人"),
        ("浙江", 2023, "中级", "180 元/人"),
    ]


@pytest.mark.parametrize(
    ("words", "rows"),
    [(["学"], 2), (["继续教育"], 2), (["90学时"], 2), (["继续", "满3年"], 2), (["教续"], 0), (["学历", "评审费"], 0), (['"学历" OR x'], 0)],
)
def test_full_text_of_any_length(outputs: Path, words: list[str], rows: int) -> None:
    assert len(search(library_of(outputs), words).rows) == rows


def test_sql_reads_everything_and_writes_nothing(outputs: Path) -> None:
    file = library_of(outputs)
    assert query(file, "SELECT cycle, count(*) AS n FROM notices JOIN rules ON rules.notice = notices.id GROUP BY 1").rows == ((2022, 11), (2023, 11))
    before = file.read_bytes()
    for sql in (
        "DELETE FROM rules",
        "DROP TABLE rules",
        "ATTACH 'x' AS x",
        "SELECT 1; SELECT 2",
        "SELECT * FROM nothing",
        "PRAGMA user_version = 3",
        "nonsense",
    ):
        with pytest.raises(NoticeError) as caught:
            query(file, sql)
        assert "\n" not in str(caught.value)
    assert file.read_bytes() == before


def test_the_files_stay_the_truth(outputs: Path) -> None:
    file = library_of(outputs)
    made = file.stat().st_mtime_ns
    assert library_of(outputs).stat().st_mtime_ns == made
    (outputs / "water/2022.ruleset.json").unlink()
    assert query(library_of(outputs), "SELECT cycle FROM notices").rows == ((2023,),)
    file.write_bytes(b"no library")
    assert query(library_of(outputs), "SELECT cycle FROM notices").rows == ((2023,),)
    file.unlink()
    assert query(library_of(outputs), "SELECT cycle FROM notices").rows == ((2023,),)


def test_a_folder_without_rulesets_is_said_to_be_empty(tmp_path: Path) -> None:
    with pytest.raises(NoticeError, match=str(tmp_path)):
        library_of(tmp_path)


def test_the_published_rulesets_are_all_in_it(tmp_path: Path) -> None:
    folder = tmp_path / "outputs"
    for source in PUBLISHED:
        target = folder / source.relative_to(ROOT / "outputs")
        target.parent.mkdir(parents=True)
        target.write_bytes(source.read_bytes())
    file = library_of(folder)
    rulesets = [Ruleset.from_json(source.read_bytes()) for source in PUBLISHED]
    assert query(file, "SELECT count(DISTINCT uid) FROM rules").rows == ((len({rule.uid for ruleset in rulesets for rule in ruleset.rules}),),)
    assert query(file, "SELECT count(*) FROM statements").rows == ((sum(len(ruleset.statements) for ruleset in rulesets),),)
    amounts = sorted(rule.value.amount for ruleset in rulesets for rule in ruleset.rules if isinstance(rule.value, Money))
    assert sorted(row[0] for row in query(file, "SELECT DISTINCT uid, amount FROM rules WHERE amount IS NOT NULL").rows)
    assert (
        sorted(row[0] for row in query(file, "SELECT amount FROM (SELECT DISTINCT uid, notice, amount FROM rules WHERE amount IS NOT NULL)").rows)
        == amounts
    )
    assert all(row[0] for row in query(file, "SELECT province FROM notices").rows)


@pytest.mark.parametrize(
    ("notice", "province"),
    [
        ({"regions": ("绍兴市",)}, "浙江"),
        ({"issuers": ("乌鲁木齐市人力资源和社会保障局",)}, "新疆"),
        ({"title": "关于做好广西壮族自治区2023年职称评审工作的通知"}, "广西"),
        ({"document_number": "黔人社通〔2022〕9号"}, "贵州"),
        ({"regions": ("绍兴市", "南京市")}, None),
        ({}, None),
    ],
)
def test_the_province_of_a_notice(notice: dict[str, object], province: str | None) -> None:
    ruleset = small_ruleset().model_copy(update={"notice": Notice.model_validate(notice), "references": (), "text": "通知"})
    assert province_of(ruleset) == province


def run(*args: str) -> Result:
    return CliRunner().invoke(app, ["find", *args, "--lang", "en"], prog_name="noticerules")


def test_the_command(outputs: Path) -> None:
    assert "2 row(s)." in run("--cites", "甲人社发〔2022〕77号").output
    assert [row["value"] for row in json.loads(run("--fees", "评审费", "--json").stdout)][:2] == ["280 元/人", "180 元/人"]
    assert "（一）学历" in run("学历").output
    assert run("--sql", "SELECT 1 AS one", "--json").stdout.strip() == '[\n  {\n    "one": 1\n  }\n]'
    assert run("--rebuild").output.strip() == "outputs/library.sqlite"


@pytest.mark.parametrize(
    ("args", "code"), [((), 2), (("学历", "--sql", "SELECT 1"), 2), (("x", "--in", "nowhere"), 1), (("--sql", "nonsense"), 1), (("。",), 1)]
)
def test_wrong_use_is_one_line(outputs: Path, args: tuple[str, ...], code: int) -> None:
    said = run(*args)
    assert said.exit_code == code
    assert len(said.stderr.strip().splitlines()) == 1
    assert "Traceback" not in said.output
