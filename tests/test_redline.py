"""Two wordings side by side: atoms change as one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.redline import redline, tokens


def told(old: str, new: str) -> str:
    marks = {"same": "{}", "old": "[-{}-]", "new": "[+{}+]"}
    return "".join(marks[piece.change].format(piece.text) for piece in redline(old, new))


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("申报截止时间为11月5日。", "申报截止时间为10月31日。", "申报截止时间为[-11月5日-][+10月31日+]。"),
        (
            "2022年8月5日10:00至8月31日20:00",
            "2023年8月5日10:00至9月1日20:00",
            "[-2022年8月5日10:00-][+2023年8月5日10:00+]至[-8月31日20:00-][+9月1日20:00+]",
        ),
        ("评审费每人180元。", "评审费每人280元。", "评审费每人[-180元-][+280元+]。"),
        ("按浙人社发〔2019〕31号执行", "按浙人社发〔2022〕7号执行", "按[-浙人社发〔2019〕31号-][+浙人社发〔2022〕7号+]执行"),
        ("每年不少于90学时", "每年不少于72学时", "每年不少于[-90学时-][+72学时+]"),
        ("≥ 90 学时/年", "≥ 72 学时/年", "[-≥ 90 学时/年-][+≥ 72 学时/年+]"),
        ("截止 2022-08-31", "截止 2022-09-30", "截止 [-2022-08-31-][+2022-09-30+]"),
        ("扫描件", "原件", "[-扫描件-][+原件+]"),
        ("一样", "一样", "一样"),
    ],
)
def test_a_piece_changes_as_one(old: str, new: str, expected: str) -> None:
    assert told(old, new) == expected


_text = st.text(alphabet="二〇12年月日元每人〔〕号浙发至,。 \n学时:a", max_size=40)


@given(old=_text, new=_text)
def test_both_wordings_can_be_read_off(old: str, new: str) -> None:
    pieces = redline(old, new)
    assert "".join(piece.text for piece in pieces if piece.change != "new") == old
    assert "".join(piece.text for piece in pieces if piece.change != "old") == new
    assert "".join(tokens(old)) == old
