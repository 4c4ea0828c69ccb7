"""What a notice's title says of the notice: the region that it is for, and the speciality."""

from extractors.pattern import compiled

_REGION = r"(?P<name>\p{Han}{2,4}?(?:特别行政区|自治区|自治州|省|市|区|县))(?!直|级|管)"


def region_of(title: str) -> tuple[str, ...]:
    """温州市 of 关于开展2023年度温州市水利专业…; empty where the title names none."""
    found = compiled(_REGION).match(_bare(title)) or compiled(_REGION).search(_bare(title))
    return (found["name"],) if found and not found["name"].startswith("全") else ()


def specialty_of(title: str) -> tuple[str, ...]:
    """水利 of 温州市水利专业…: what stands before 专业, behind the region and the issuer."""
    behind = compiled(r"^.*(?:厅|局|委|会|办|中心|部)(?=关于)").sub("", title)
    found = compiled(rf"^(?:全[省市区国]|{_REGION})?(?:工程技术)?(?P<what>\p{{Han}}{{2,12}}?)(?:工程)?专业").match(_bare(behind))
    return (found["what"],) if found else ()


def _bare(title: str) -> str:
    """The title without what every title has: 关于做好, the year."""
    return compiled(r"\d{4}年度?|关于|(?:组织)?(?:开展|做好)|^\s+").sub("", title)
