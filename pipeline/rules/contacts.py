"""Whom to ask and where to hand in: organisation, persons, telephones, e-mail and address, each office with its own."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from extractors.pattern import compiled, fold
from pipeline.rules.clauses import in_form, printed, trimmed
from pipeline.rules.draft import Draft, Proof
from pipeline.statements import Reading, Sentence
from schemas.document import Span

SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱"
    "严覃武戴莫孔向汤费温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳欧阳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝"
)
_NAME = rf"[{SURNAMES}][\p{{Han}}]{{1,2}}(?:老师|科长|处长|主任|同志|先生|女士|经理|工)?|[{SURNAMES}](?:老师|科长|处长|主任|同志|先生|女士|经理|工)"
_NAMES = rf"(?:{_NAME})(?:[、,，/;和及 ]{{1,3}}(?:{_NAME}))*"
_PHONE = r"(?<!\d)1[3-9]\d{9}(?!\d)|(?<!\d)(?:\(?0\d{2,3}\)?[ ]?[-—]?[ ]?)?[2-9]\d{6,7}(?!\d)(?:[-转][ ]?\d{1,5})?|[48]00-?\d{3}-?\d{4}|(?<!\d)12\d{3}(?!\d)|(?<!\d)\d{5,6}(?!\d)"
_PHONE_LABEL = (
    r"(?:联系|咨询|监督|举报|服务|技术支持|办公|值班|投诉)?(?:电话|热线|手机号?码?|座机|联系方式)(?:\(传真\)|及传真|/传真)?[ ]?[:为是]?[ ]?"
)
_ADDRESS_LABEL = r"(?:联系|单位|报送|受理|办公|邮寄|通讯|通信|收件|寄送|详细|现场)?(?:地址|地点)[ ]?[:为是在][ ]?"
_PERSON_LABEL = r"(?:联系人|经办人|负责人|收件人|咨询人|联络人)(?:及电话|及联系方式|员)?[ ]?[:为是]?[ ]?"
_ORGAN = r"[\p{Han}A-Za-z0-9·]{2,40}?(?:局|厅|委|委员会|办|办公室|处|科|股|组|中心|公司|院|学院|大学|校|学校|部|所|站|协会|学会|研究会|馆|政府|集团|窗口|党政办|会)(?:\d{2,4}(?:室|办公室))?"
_SUPPORT = r"技术支持|系统操作|操作咨询|系统咨询|平台咨询|系统技术|技术咨询|技术服务|平台技术|系统(?:使用|维护|客服)"
_NUMBER = r"0\d{2,3}-?\d{7,8}"
_WORDS = (
    # one of them is in whatever names an office: a label, an address of the net, a number with its area
    rf"电话|热线|手机|座机|联系方式|地[址点]|邮箱|mail|@|[系办责件询络]人|技术[支咨服]|系统[操咨技使维客]|操作咨询|平台[咨技]|{_NUMBER}"
)
_RECEIVING = r"受理点|受理地点|报送(?:方式|时间|地点|地址)[^。]{0,8}地点|报送(?:地点|地址)|报送方式|收件地址|现场受理|送审地点|受理(?:窗口|机构)"


NEAR = 12  # characters between the lines of one office: （兼传真）；


@dataclass
class _Office:
    """One organisation while its lines are read."""

    subject: str
    sentence: Sentence
    span: Span
    organisation: str | None = None
    persons: list[str] = field(default_factory=list)
    phones: list[str] = field(default_factory=list)
    emails: list[str] = field(default_factory=list)
    address: str | None = None
    proofs: list[Span] = field(default_factory=list)
    words: list[Span] = field(default_factory=list)  # where its fields stand in the piece that is being read

    def filled(self) -> bool:
        return bool(self.persons or self.phones or self.emails or self.address)


def contact_rules(reading: Reading) -> Iterator[Draft]:
    """One rule an organisation; lines without one (联系人：…, 电话：…) belong to the office above them."""
    offices: list[_Office] = []
    for sentence in reading.holding(_WORDS):
        if sentence.cell is None and sentence.section.id not in ("落款", "版记") and not in_form(reading, sentence):
            for piece in _pieces(reading, sentence):
                _read(reading, sentence, piece, offices)
    yield from _by_region([_draft(office) for office in offices if office.filled() or office.subject == "技术支持"])
    yield from _table_rows(reading)


def _by_region(drafts: list[Draft]) -> Iterator[Draft]:
    """Offices of several districts for one purpose: the district is the scope of each."""
    for draft in drafts:
        found = compiled(r"^\p{Han}{2,3}?(?:区|县|市|旗|州)").match(str(draft.own.get("organisation") or ""))
        alike = [other for other in drafts if other.subject == draft.subject and other is not draft]
        yield replace(draft, scope=draft.scope.model_copy(update={"regions": (found.group(),)})) if found and alike else draft


def _draft(office: _Office) -> Draft:
    return Draft(
        "contact",
        office.subject,
        None,
        tuple(Proof(span, "contact.office") for span in office.proofs),
        own={
            "organisation": office.organisation,
            "persons": tuple(dict.fromkeys(office.persons)),
            "phones": tuple(dict.fromkeys(office.phones)),
            "emails": tuple(dict.fromkeys(office.emails)),
            "address": office.address,
        },
    )


def _pieces(reading: Reading, sentence: Sentence) -> list[Span]:
    """The offices of a sentence: parted by ；or line ends outside brackets, and before a name that a new telephone follows."""
    out, start, depth = [], sentence.span.start, 0
    for mark in compiled(r"[();\n]").finditer(reading.folded, sentence.span.start, sentence.span.end):
        if mark.group() in "()":
            depth += 1 if mark.group() == "(" else -1
        elif depth <= 0:
            out.append(Span(start, mark.start()))
            start = mark.end()
    out.append(Span(start, sentence.span.end))
    return [kept for piece in out if len(kept := trimmed(reading, piece))]


def _read(reading: Reading, sentence: Sentence, piece: Span, offices: list[_Office]) -> None:
    """Take a piece of a sentence into the offices: a new one where it names an organisation, else the last one of the same paragraph or list."""
    text = reading.folded[piece.start : piece.end]
    if not _labelled(text):
        return
    known = _Office(_subject(reading, sentence, text), sentence, piece)
    _organisation(reading, piece, text, known)
    _fields(reading, piece, text, known)
    if not known.filled() and known.subject != "技术支持":
        return
    last = offices[-1] if offices else None
    if last is not None and known.organisation is None and _goes_on(reading, last, known):
        last.persons += known.persons
        last.phones += known.phones
        last.emails += known.emails
        last.address = last.address or known.address
        last.proofs.append(_quoted(reading, piece, known))
        last.sentence = sentence
        return
    known.proofs.append(_quoted(reading, piece, known))
    if known.organisation is None and known.subject != "技术支持":
        _borrowed(reading, sentence, piece, known)
    twin = next((o for o in offices if known.organisation and (o.organisation, o.subject) == (known.organisation, known.subject)), None)
    if twin is not None:
        twin.phones += known.phones
        twin.persons += known.persons
        twin.address = twin.address or known.address
        twin.proofs += known.proofs
    else:
        offices.append(known)


def _quoted(reading: Reading, piece: Span, known: _Office) -> Span:
    """From the first to the last field of a piece; the words before that tell a step are another rule's."""
    if not known.words:
        return piece
    start, end = min(s.start for s in known.words), max(s.end for s in known.words)
    label = compiled(rf"(?:{_PERSON_LABEL}|{_PHONE_LABEL}|{_ADDRESS_LABEL}|[\p{{Han}}]{{2,12}}:|邮箱:?)$").search(reading.folded[piece.start : start])
    return Span(start - len(label.group()) if label else start, end)


def _labelled(text: str) -> bool:
    return (
        compiled(
            rf"{_PHONE_LABEL}(?:\p{{Han}}{{0,4}}[:])?[(]?(?:{_PHONE})|{_ADDRESS_LABEL}\p{{Han}}|邮箱|[Ee]-?mail|{_PERSON_LABEL}[{SURNAMES}]|@"
        ).search(text)
        is not None
        or compiled(rf"(?:{_SUPPORT})[^。]{{0,8}}:").search(text) is not None
        or compiled(_NUMBER).search(text) is not None
        and compiled(rf"(?:{_ORGAN})[ ]?[:(][^。]{{0,30}}(?:{_NUMBER})").search(text) is not None
    )


def _goes_on(reading: Reading, last: _Office, known: _Office) -> bool:
    """Whether lines without an organisation say more of the last office: in its paragraph or right below, and nothing of it twice."""
    if known.sentence.section.id != last.sentence.section.id or known.subject == "技术支持" and last.subject != "技术支持":
        return False
    between = reading.document.text[last.proofs[-1].end : known.span.start]
    near = known.sentence.paragraph == last.sentence.paragraph or len("".join(between.split())) <= NEAR
    twice = bool(known.persons and last.persons) or bool(known.address and last.address) or bool(known.phones and last.phones and not known.emails)
    return near and not twice


def _borrowed(reading: Reading, sentence: Sentence, piece: Span, known: _Office) -> None:
    """The organisation of the words right before: …报送到市职业资格指导服务中心。（联系地址：…）, 请与市教育局政治处联系，联系人：…."""
    before = reading.folded[sentence.paragraph.start : piece.start]
    found = compiled(rf"(?:报送?(?:至|到)|送(?:至|到)?|寄(?:至|到)?|交(?:至|到)?|与|向|到|至)(?P<name>{_ORGAN})(?:联系|咨询|反映)?[,。(]*$").search(
        before.rstrip()
    )
    if found:
        known.organisation = printed(reading, Span(sentence.paragraph.start + found.start("name"), sentence.paragraph.start + found.end("name")))
        if compiled(r"^(?:报|送|寄|交)").match(found.group()):
            known.subject = "受理点"


def _subject(reading: Reading, sentence: Sentence, text: str) -> str:
    if compiled(_SUPPORT).search(text):
        return "技术支持"
    around = [fold(s.heading) for s in reading.true_headings(sentence.section)]
    if any(compiled(_RECEIVING).search(words) for words in (text, *around)):
        return "受理点"
    if any(compiled(_SUPPORT).search(words) for words in around[:1]):
        return "技术支持"
    return "联系方式"


def _organisation(reading: Reading, piece: Span, text: str, office: _Office) -> None:
    """The office that a piece begins with (温州市水利局人事处：…), that is behind 联系人 (…有限公司), or before 联系."""
    head = rf"^(?:[\p{{Han}}]{{2,8}}(?:咨询|受理)?:)?(?P<name>{_ORGAN})[ ]?(?=[:(,]|联系|咨询电话|电话|地址|\d|$)"
    for expression in (
        rf"(?:报送?(?:至|到)|送(?:至|到)|寄(?:至|到)|交(?:至|到))(?P<name>{_ORGAN})(?=[(])",
        rf"(?:与|向)(?P<name>{_ORGAN})(?:联系|咨询|反映)",
        rf"(?:{_PERSON_LABEL}|单位[:]|机构[:]|联系单位[:]|受理单位[:])(?P<name>{_ORGAN})(?=[,;。:(]|$)",
        rf"(?:{_SUPPORT})(?:单位|公司|机构)?[:]?(?P<name>[\p{{Han}}]{{4,30}}公司)",
        head,
    ):
        found = compiled(expression).search(text)
        if found and not compiled(r"^(?:联系|咨询|监督|系统|电话|地址|邮箱|单位|如有|未尽|其他)|联系电话").search(found["name"]):
            office.words.append(Span(piece.start + found.start("name"), piece.start + found.end("name")))
            office.organisation = printed(reading, office.words[-1])
            if compiled(r"^(?:报|送|寄|交)").match(found.group()):
                office.subject = "受理点"
            return


def _fields(reading: Reading, piece: Span, text: str, office: _Office) -> None:
    for found in compiled(rf"(?:{_PHONE_LABEL}|\()(?:\p{{Han}}{{0,6}}:)?(?P<run>(?:{_PHONE})(?:[ 、,，;/和或]{{1,3}}(?:{_PHONE}))*)").finditer(text):
        labelled = compiled(_PHONE_LABEL).match(found.group()) is not None
        run = found["run"]
        if labelled or compiled(r"^\(?0\d{2,3}").match(run):
            office.words.append(Span(piece.start + found.start("run"), piece.start + found.end("run")))
            office.phones += [
                _printed_at(reading, piece, found.start("run") + m.start(), found.start("run") + m.end()) for m in compiled(_PHONE).finditer(run)
            ]
    mentions = reading.mentions_in(piece)
    office.phones += [m.quote for m in mentions if m.kind == "phone" and not any(_digits(m.quote) in _digits(p) for p in office.phones)]
    office.emails += [m.quote for m in mentions if m.kind == "email"]
    office.words += [m.span for m in mentions if m.kind in ("phone", "email")]
    persons = compiled(rf"{_PERSON_LABEL}(?P<run>{_NAMES})(?=[^\p{{Han}}]|$|联系|电话|手机)").search(text)
    if persons is None and office.organisation is not None:
        persons = compiled(rf"[:(](?P<run>{_NAMES})(?=[ ,;)]{{0,3}}(?:(?:联系)?(?:电话|手机)|\d{{7,}}))").search(text)
    if persons:
        office.words.append(Span(piece.start + persons.start("run"), piece.start + persons.end("run")))
        office.persons += [
            _printed_at(reading, piece, persons.start("run") + m.start(), persons.start("run") + m.end())
            for m in compiled(_NAME).finditer(persons["run"])
        ]
    address = compiled(
        rf"{_ADDRESS_LABEL}(?P<where>[^;。)]{{4,60}}?)(?=[;。)]|,?(?:联系人|咨询人|收件人|(?:联系|咨询)?电话|邮编|邮箱|邮政)|$)"
    ).search(text)
    if address is None and office.organisation is not None:
        address = compiled(rf"{_ORGAN}\((?P<where>[^()]{{3,50}}(?:号|室|楼|路|街|大楼|大厅|大厦|窗口|层|院|对面)[^()]{{0,20}})\)").search(text)
    if address:
        office.words.append(Span(piece.start + address.start("where"), piece.start + address.end("where")))
        office.address = _printed_at(reading, piece, address.start("where"), address.end("where")).strip("，,")


def _digits(phone: str) -> str:
    return "".join(c for c in phone if c.isdigit())


def _printed_at(reading: Reading, piece: Span, start: int, end: int) -> str:
    return printed(reading, Span(piece.start + start, piece.start + end))


_COLUMNS = (
    ("organisation", r"单位|机构|受理点|部门|名称|地区|区县"),
    ("persons", r"联系人|姓名|经办人|负责人"),
    ("phones", r"电话|手机|联系方式|热线"),
    ("emails", r"邮箱|[Ee]-?mail"),
    ("address", r"地址|地点"),
)


def _table_rows(reading: Reading) -> Iterator[Draft]:
    """Rows of a table with a column of telephones and one of offices."""
    for table in reading.document.tables:
        heads = {c.column: fold("".join(reading.document.text[c.start : c.end].split())) for c in table.cells if c.row == 0}
        columns = {name: next((i for i, head in heads.items() if compiled(words).search(head)), None) for name, words in _COLUMNS}
        if columns["phones"] is None or columns["organisation"] is None and columns["persons"] is None:
            continue
        for row in range(1, table.height):
            cells = {name: table.covering(row, column) for name, column in columns.items() if column is not None}
            words = {name: printed(reading, Span(cell.start, cell.end)) for name, cell in cells.items() if cell is not None}
            if not compiled(_PHONE).search(fold(words.get("phones", ""))):
                continue
            spans = [Span(cell.start, cell.end) for cell in cells.values() if cell is not None and cell.end > cell.start]
            sentence = reading.sentence_at(spans[0].start)
            headings = "".join(fold(s.heading) for s in reading.outline.path(sentence.section))
            office = _Office("受理点" if compiled(_RECEIVING).search(headings) else "联系方式", sentence, spans[0], words.get("organisation"))
            office.phones = [words["phones"][m.start() : m.end()] for m in compiled(_PHONE).finditer(fold(words["phones"]))]
            office.persons = [p for p in compiled(r"[、，,/]").split(words.get("persons", "")) if p]
            office.emails = [words["emails"]] if words.get("emails") else []
            office.address = words.get("address")
            office.proofs = [Span(min(s.start for s in spans), max(s.end for s in spans))]
            yield replace(_draft(office), reasons=("table-cell",))
