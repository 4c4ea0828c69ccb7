"""Addresses and codes: URL, e-mail, telephone, and numbers that only name something. They claim their characters before dates and numbers do."""

from extractors.pattern import Anchor, Match, Pattern, match_all
from schemas.mention import Mention


def _whole(found: Match) -> str:
    return found.group().rstrip(".,;")


PATTERNS = (
    Pattern(
        name="contact.url",
        kind="url",
        anchor=Anchor("http|ftp|www"),
        regex=r"(?:https?:?//|ftp://|(?<![A-Za-z0-9@.])www\.)[A-Za-z0-9\-._~:/?\#\[\]@!$&'*+,;=%〔〕]+[A-Za-z0-9/\#=_-]",
        value=_whole,
        examples=(
            ("https://zcps.rlsbt.zj.gov.cn/028/login.jsp", "https://zcps.rlsbt.zj.gov.cn/028/login.jsp"),
            ("https//zcps.rlsbt.zj.gov.cn", "https//zcps.rlsbt.zj.gov.cn"),
            ("www.zjzs.net", "www.zjzs.net"),
            ("http://220.191.224.159/elms/web/index.jsp#", "http://220.191.224.159/elms/web/index.jsp#"),
        ),
        rejects=("网址另行公布",),
    ),
    Pattern(
        name="contact.domain",
        kind="url",
        anchor=Anchor(r"\.(?:gov|edu|com|org|net)", 384, 8),
        regex=r"(?<![A-Za-z0-9@._/-])(?:[A-Za-z0-9-]{1,63}\.){1,6}(?:gov|edu|com|org|net)(?:\.cn)?(?:/[A-Za-z0-9\-._~/?\#=&%]*[A-Za-z0-9/])?(?![A-Za-z0-9@])",
        value=_whole,
        examples=(("zg.cpta.com.cn/examfront", "zg.cpta.com.cn/examfront"),),
        rejects=("3.5com",),
    ),
    Pattern(
        name="contact.email",
        kind="email",
        anchor=Anchor("@", 64, 80),
        regex=r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+",
        value=_whole,
        examples=(("chowhang@qq.com", "chowhang@qq.com"),),
    ),
    Pattern(
        name="contact.telephone",
        kind="phone",
        anchor=Anchor(r"\d{3}-?\d{4}", 10, 30),
        # 0575-88096909, 021-65903795、65903941, 0532—85911746  80899106, 400-123-4567, 15923960007
        regex=r"(?<![\d.-])(?:\(?0\d{2,3}\)?[ ]?-?[ ]?[2-9]\d{6,7}(?:-\d{1,4})?|[48]00-?\d{3}-?\d{4}|1[3-9]\d{9}|[2-9]\d{6,7}(?=[,、;。 \n)(]|$))(?![\d.]|[ ]?[元年月日分%])",
        value=_whole,
        examples=(("0575-88096909", "0575-88096909"), ("15923960007", "15923960007"), ("57579864", "57579864")),
        rejects=("共2020年",),
    ),
    Pattern(
        name="contact.code",
        kind="code",
        anchor=Anchor(r"(?<=[码编号为是:][ ]?)\d{3}|\d{5}", 4, 60),
        # 代码：3109, 邮编：350003, 初始密码为123456, 12333短信, 202211071605045529.rar
        regex=r"""(?=\d)(?P<quote>(?<=(?:代码|邮编|邮政编码|密码|账号|帐号|编号|群号|微信号)[为是:]?[ ]?)\d{3,}|(?<!\d)\d{12,}|(?<![\d.])12\d{3}(?=[ ]?(?:短信|热线|平台)|$))(?!\d)""",
        value=_whole,
        examples=(("12333", "12333"),),
        rejects=("时间：2018年",),
    ),
)


def find(text: str, folded: str) -> list[Mention]:
    """URLs, e-mail addresses, telephone numbers and codes; the value is the address as folded text."""
    return match_all(PATTERNS, text, folded)
