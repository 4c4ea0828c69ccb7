"""Documents to be handed in, uploaded or shown: forms in 《》, lists behind a verb of giving, numbered lists, tables; with their form and copies."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from extractors.numerals import parse, plain
from extractors.pattern import compiled, fold
from extractors.references import is_document
from extractors.terms import find_routes
from pipeline.rules.clauses import in_body, in_form, parts, printed, trimmed
from pipeline.rules.draft import Draft, Proof, modality_of
from pipeline.scope import scope_of
from pipeline.statements import Reading, Sentence, is_heading_line
from schemas.document import Span, Table
from schemas.mention import Count, Mention
from schemas.ruleset import Scope

_GIVE = r"(?:提交|提供|上传|报送|递交|呈交|出具|附上|附送|附(?!件|近|加|页|录)|携带|交验|出示|寄送|送交|邮寄|填写|填报|填好|签署|签订|导出|打印|下载|准备|补交|补充|备齐|上交|缴交|扫描|凭(?!据|证|单)|持(?!有|续))(?!时|后|前|工作|方式|地点|要求)"
_LOOSE = r"填写|填报|填好|凭|持|打印|下载|签署|签订|导出|补充|扫描"  # verbs whose object is a document only where its own name says so
_HEAD = (
    r"(?:证明(?:材料|文件|信)?|证书|证件|身份证|户口[本簿]|驾驶证|[^参保考论]证(?!明|件)|登记表|审批表|推荐表|评审表|申报表|申请表|报名表|汇总表|自评表|自荐表|信息表|考核表|意见表|情况表|量化表|评价表|评分表|花名册|名册|表格?"
    r"|承诺书|保证书|申请书|委托书|推荐书|协议书|任务书|认证书|确认书|合同书?|协议|聘书|聘任书|(?:任命|资格|聘任|聘用|获奖|批准|立项|结题|录用|授权|任职)\p{Han}{0,2}文件|批文|批件|公文"
    r"|复印件|扫描件|影印件|原件|照片|免冠照|证件照|登记照|相片|截图|成绩单|合格单|准考证|病历|档案|清单|目录页|封面页?|版权页"
    r"|(?:业绩|佐证|印证|支撑|证明|作证|认证|公示|学历|附件|成果|论文|资格|政治表现|思想|个人|学术|辅助|其他)\p{Han}{0,6}材料|查询结果|公示结果|公示情况"
    r"|论文|著作|代表作|获奖文件|专利|凭据|凭证|票据|发票|单据|回执|推荐信|介绍信|公函|函件|简历|履历表?|述职报告|检测报告|查新报告|体检报告|认证报告|验证报告|报告|总结|鉴定|说明|意见|合格单|电子版|纸质版|光盘|U盘|表)"
)
_GENERAL = r"^(?:(?:申报|相关|有关|送审|评审|全部|所有|上述|以上|相应|规定|纸质|电子|报名|审核|评审的)*(?:材料|资料|证明|证件|证书|信息|表格|附件|文件|证明材料|说明|意见|情况|电子版|扫描件|复印件|原件|报告|总结|档案)[、和及]?)+$|^(?:签署|审核|推荐|初审|审查)?意见$|^理由$"
_NO_MATERIAL = r"业绩档案|信息(?!表)|无需|应为|格式|^(?:此|该|对|各单位)|^申报人员(?!花名册|名册|名单|信息|汇总)|手册|指南|指引|教材|大纲|科目|期刊|学报|栏目|菜单|页面|按钮|平台|系统|通知书?$|公告$|试卷|答题卡|登录|[《》]|^(?:材料|信息)的|^(?:分发|发放)|(?:认|验|保|公|论|查|(?<!准)考)证$"
_FORMS: tuple[tuple[str, str], ...] = (
    ("扫描件", r"扫描件|扫描版|扫描上传|扫描正面"),
    ("原件及复印件", r"原件(?:及|和|、|与)复印件"),
    ("复印件", r"复印件|影印件"),
    ("原件", r"原件"),
    ("电子版", r"电子版|电子文档|电子件|电子稿|PDF|WORD|Excel"),
    ("纸质", r"纸质|双面打印|A4"),
)
_LEAD_STRIP = (
    r"^(?:\p{Han}{1,6}(?:携带|提供|提交|上传|出具)|其他|其它|并|应|须|需|请|可|将|把|其|的|由|按要求|根据[^,]{2,12}要求|本人|个人签字的|一份|[一二两三四五\d]+[份张套]|以下|下列|上述|其他|其它|相应|相关|有关|完整|清晰|有效|真实|准确|近期|"
    r"符合要求|加盖[^的]{2,10}|经[^的]{2,16}|与[^的]{2,14}一致|已取得|已获得|所取得|近?[一二三四五六七八九十\d]+年(?:来|内)?|累计[一二三四五六七八九十\d]+年|\p{Han}{2,10}以来|[\d、,~至-]{4,30}年度?|重新|上传|提供|提交|出具|打印|双面|签署|在线|再次|各类|各种|原|包括|含|如)+的?"
)
_BOTH = r"(?P<what>.+?)(?P<form>原件(?:及|和|、|与)复印件|(?:彩色)?扫描件|扫描版|复印件|影印件|原件|电子版|纸质版?|截图)$"
_LIST_LEAD = r"(?:材料|附件|资料|证件|证明|文件)[^。]{0,6}(?:如下|包括|:)|(?:以下|下列)[^。]{0,8}(?:材料|附件|资料|证件)|(?:报送|提交|提供|上传|携带|所需|应交|须交)[^。]{0,6}(?:材料|资料|证件|附件)$|材料(?:清单|目录)$"
_FOR = r"^\((?:仅)?(?:适用于|限于?|用于|供)(?P<who>[^(),]{2,24}?)(?:提供|填写|使用|提交|上传)?(?:,[^()]*)?\)"
_COLUMNS = r"^(?:材料|资料|申报材料|证件|文件|附件)(?:名称|清单|目录|内容)?$|材料名称"


REACH = 160  # characters that a list of documents may run on behind its verb
LONGEST = 60  # characters of one name with what leads to it
SHORT = 4  # characters of a name that may stand for a fuller one


@dataclass(frozen=True)
class _Named:
    """A document with where its name stands; `span` takes in the form behind it."""

    name: str
    span: Span
    form: str | None = None


def material_rules(reading: Reading) -> Iterator[Draft]:
    """One rule a document: where it is named again in the same or a wider scope, that is one more proof."""
    kept: list[Draft] = []
    for sentence in reading.sentences:
        if not in_body(reading, sentence) or in_form(reading, sentence) or sentence.cell is not None and not _is_prose(reading, sentence):
            continue
        for named in _documents(reading, sentence):
            _take(kept, _draft(reading, sentence, named))
    for table in reading.document.tables:
        for draft in _rows(reading, table):
            _take(kept, draft)
    yield from _shortened(kept)


def _shortened(drafts: list[Draft]) -> Iterator[Draft]:
    """评审表 is 《专业技术职务任职资格评审表》 said shorter, where only one document's name ends so."""
    short = {i for i, d in enumerate(drafts) if len(d.subject) <= SHORT and d.subject.endswith(("表", "书")) and len(_fuller(drafts, d)) == 1}
    for i, draft in enumerate(drafts):
        if i not in short:
            proofs = tuple(p for j in sorted(short) if _fuller(drafts, drafts[j])[0] is draft for p in drafts[j].proofs)
            yield replace(draft, proofs=(*draft.proofs, *proofs))


def _fuller(drafts: list[Draft], short: Draft) -> list[Draft]:
    return [d for d in drafts if len(d.subject) > SHORT and d.subject.endswith(short.subject)]


def _is_prose(reading: Reading, sentence: Sentence) -> bool:
    return len(sentence.span) > 20 and "," in reading.folded[sentence.span.start : sentence.span.end]


def _take(kept: list[Draft], draft: Draft) -> None:
    twin = next((i for i, other in enumerate(kept) if fold(other.subject) == fold(draft.subject) and _compatible(other, draft)), None)
    if twin is None:
        kept.append(draft)
        return
    other = kept[twin]
    own = {name: other.own.get(name) or draft.own.get(name) for name in ("form", "copies")}
    scope = other.scope.merged(draft.scope)
    kept[twin] = replace(
        other, proofs=tuple(dict.fromkeys((*other.proofs, *draft.proofs))), own=own, scope=scope, modality=other.modality or draft.modality
    )


def _compatible(a: Draft, b: Draft) -> bool:
    stated, other = a.scope.stated(), b.scope.stated()
    return all(stated[name] == other[name] for name in stated.keys() & other.keys()) and all(
        a.own.get(f) is None or b.own.get(f) is None or a.own.get(f) == b.own.get(f) for f in ("form", "copies")
    )


def _draft(reading: Reading, sentence: Sentence, named: _Named, *reasons: str) -> Draft:
    scoped = scope_of(reading, sentence, named.span)
    scope = scoped.scope
    if "适用于" in reading.folded[sentence.span.start : sentence.span.end]:
        scope = _scope_for(reading, named.span, scope)
    return Draft(
        "material",
        named.name,
        None,
        (Proof(named.span, "material.named"),),
        scope,
        modality=modality_of(reading, sentence, named.span),
        reasons=(*reasons, *scoped.reasons),
        own={"form": named.form or _form(reading, sentence, named.span), "copies": _copies(reading, sentence, named.span)},
    )


def _scope_for(reading: Reading, span: Span, scope: Scope) -> Scope:
    """《…推荐表》（适用于自评分申报人员）: the bracket behind a document says whose it is, and nothing of the other documents of the list."""
    behind = reading.folded[span.end : span.end + 60].lstrip("》。")
    found = compiled(_FOR).match(behind)
    routes = tuple(sorted({w for term in find_routes(found["who"]) for w in term.words})) if found else ()
    applicants = ("".join(found["who"].split()),) if found and not routes else None
    return scope.model_copy(update={"routes": routes or None, "applicants": applicants})


# -- what is named


def _documents(reading: Reading, sentence: Sentence) -> Iterator[_Named]:
    """The documents of a sentence in order, each place once."""
    found = [*_titles(reading, sentence), *_given(reading, sentence), *_listed(reading, sentence)]
    taken: list[Span] = []
    for named in sorted(found, key=lambda n: (n.span.start, -len(n.span))):
        if not any(named.span.overlaps(span) for span in taken):
            taken.append(named.span)
            yield named


def _titles(reading: Reading, sentence: Sentence) -> Iterator[_Named]:
    """《…》 of a form or certificate that is to be filled in, signed or handed in; a regulation, a manual, a subject of an exam is none."""
    for mention in reading.mentions_in(sentence.span):
        if mention.kind != "title" or not _is_form(mention):
            continue
        before = reading.folded[sentence.span.start : mention.span.start]
        behind = reading.folded[mention.span.end : min(sentence.span.end, mention.span.end + 40)]
        if compiled(r"(?:按照|根据|依据|参照|对照|详见|见|符合|执行|关于)(?:[^,;。]{0,14})$").search(before) and not compiled(
            rf"{_GIVE}|扫描件"
        ).search(before[-8:] + behind):
            continue
        given = compiled(_GIVE).search(before) or compiled(rf"^[^。]{{0,36}}(?:{_GIVE}|扫描件|复印件|原件|一式|[一二三\d]份|盖章|签字|报)").search(
            behind
        )
        if given or _in_list(reading, sentence) or compiled(_LIST_LEAD).search(fold(sentence.section.heading)):
            tail = compiled(r"^(?:原件(?:及|和)复印件|扫描件|复印件|原件|电子版)").match(behind)
            end = mention.span.end + (tail.end() if tail else 0)
            yield _Named(mention.value.title, Span(mention.span.start, end), _form_of(tail.group()) if tail else None)


def _is_form(mention: Mention) -> bool:
    title = fold(mention.value.title)
    if mention.value.number or mention.pattern == "reference.addressed" or is_document(mention.value.title):
        return False
    return compiled(_NO_MATERIAL).search(title) is None and compiled(rf"(?:{_HEAD}|材料|单|卡|书|册|函)(?:\([^()]*\))?$").search(title) is not None


def _given(reading: Reading, sentence: Sentence) -> Iterator[_Named]:
    """The objects of verbs of giving: 上传身份证扫描件、近期免冠照片; 将扫描件上传 has none of its own."""
    for clause in parts(reading, sentence.span):
        text, done = reading.folded[clause.start : clause.end], clause.start
        for verb in compiled(_GIVE).finditer(text):
            if compiled(r"(?:无需|无须|不需|不再|不必|未|不|免|不得|可自动|系统)[^,;。]{0,8}$|(?:要求|再)[^,;。]{0,4}人员$").search(
                text[: verb.start()]
            ):
                continue
            if reading.masked[clause.start + verb.start()] == "□":
                continue
            loose = compiled(_LOOSE).fullmatch(verb.group()) is not None
            begin = clause.start + verb.end()
            if begin < done:
                continue  # a verb inside the list of another: 提供并上传
            for named in _objects(reading, Span(begin, min(clause.end, begin + REACH)), loose):
                done = named.span.end
                yield named
        for found in compiled(r"(?:将|把)(?P<what>[^,;。]{2,60}?)(?:上传|报送|寄送|送交|递交|提交|发送|交)").finditer(text):
            yield from _objects(reading, Span(clause.start + found.start("what"), clause.start + found.end("what")), False)
        for found in compiled(r"\((?P<said>(?:含|包括|主要包括|内含|附|须附|需附|[^()]{0,30}材料包括))?(?P<what>[^()]{2,80})\)").finditer(text):
            inside = list(_objects(reading, Span(clause.start + found.start("what"), clause.start + found.end("what")), False))
            if found["said"] or len(inside) > 1:  # 其他附件材料（合格证明、社保凭据等）
                yield from inside


def _objects(reading: Reading, span: Span, loose: bool) -> Iterator[_Named]:
    """The documents at the beginning of a span: items parted by 、和及或, up to the first stretch that ends in no document's name."""
    start = span.start
    pending = start
    for end, last in _breaks(reading, span):
        whole = Span(max(pending, end - LONGEST), end)
        named = _name(reading, whole)
        if named is None:
            if last:
                return
            continue  # 学历和学位证书: the first part has no head of its own
        if not (loose and compiled(r"(?:意见|说明|情况|报告|总结|论文|材料)$").search(named.name)):
            yield named
        pending = min(end + 1, span.end)


def _breaks(reading: Reading, span: Span) -> Iterator[tuple[int, bool]]:
    """Where items of a list may end: at 、, 和 及 与 或 outside brackets and quotations, before 等 and verbs; the last one is the end."""
    text = reading.folded[span.start : span.end]
    depth, quoted = 0, False
    stops = [
        m.start()
        for m in compiled(
            r"等(?!级|次)|(?:作为|参加|方可|办理|报到|入场|进入|并|后|进行|到|至|给|于|在(?!职|学|读|编)|由|送(?!审)|交(?:由|到)|,|;)"
        ).finditer(text)
    ]
    limit = len(text)
    for i, c in enumerate(text):
        if c in "(〔《":
            depth += 1
        elif c in ")〕》":
            depth -= 1
            if depth < 0:
                limit = i
                break
        elif c == '"':
            quoted = not quoted
        elif depth == 0 and not quoted:
            if i in stops and i > 0:
                limit = i
                break
            if c in "、和及与或":
                yield span.start + i, False
    yield span.start + limit, True


def _name(reading: Reading, span: Span) -> _Named | None:
    """The document that the words name, without what leads to it and with its form apart; null where they name none, or only 材料 in general."""
    span = trimmed(reading, span)
    text = reading.folded[span.start : span.end]
    bracket = compiled(r"(?P<rest>.*?)\((?P<inside>[^()]*)\)$").fullmatch(text)
    inside = bracket["inside"] if bracket else ""
    if bracket:
        text = bracket["rest"]
    lead = compiled(_LEAD_STRIP).match(text)
    start = lead.end() if lead and lead.end() < len(text) else 0
    body = text[start:].strip('"、,:《》 ')
    offset = text.find(body, start) if body else start
    form: str | None = None
    found = compiled(_BOTH).fullmatch(body)
    if found and compiled(r"\p{Han}{2}").search(found["what"]):
        body, form = found["what"].strip('"的'), _form_of(found["form"])
    if form is None and inside and len(inside) <= 12:
        form = _form_of(inside)
    if (
        not compiled(rf"(?:{_HEAD})$").search(body)
        and form is None
        or compiled(_GENERAL).search(body)
        or compiled(_NO_MATERIAL).search(body)
        or len(body) < 2
        or len(body) > 40
    ):
        return None
    if form is None and (printed_form := compiled(r"^(?:电子版|纸质版?|扫描版)的?(?=\p{Han}{3})").match(body)):
        form, body, offset = _form_of(printed_form.group()), body[printed_form.end() :], offset + printed_form.end()
    tail = body.rpartition("的")[2]
    if len(tail) >= 3 and not compiled(_GENERAL).search(tail) and compiled(rf"(?:{_HEAD})$").search(tail):
        offset += len(body) - len(tail)
        body = tail
    again = compiled(_LEAD_STRIP).match(body)
    if again and len(body) - again.end() >= 3 and not compiled(_GENERAL).search(body[again.end() :]):
        body, offset = body[again.end() :], offset + again.end()
    if compiled(r"[:。,;]|^\d+$").search(body):
        return None
    begin = span.start + offset
    end = span.start + (len(text) if form and not inside else offset + len(body))
    return _Named(printed(reading, Span(begin, begin + len(body))).strip('“”《》"'), Span(begin, min(end, span.end)), form)


# -- lists and tables


def _in_list(reading: Reading, sentence: Sentence) -> bool:
    """Whether a list of materials holds the sentence: its heading or the words that lead the list in say so."""
    if sentence.section.level == 0:
        return False
    for above in reading.outline.path(sentence.section)[1:2]:
        if compiled(_LIST_LEAD).search(fold(above.heading)):
            return True
        last = [s for s in reading.sentences_of(above) if s.span.start < sentence.section.start]
        if last and compiled(_LIST_LEAD).search(reading.folded[last[-1].span.start : last[-1].span.end].rstrip()):
            return True
    return False


def _listed(reading: Reading, sentence: Sentence) -> Iterator[_Named]:
    """An item of a numbered list of materials: what it begins with; a paragraph under 需报送材料 that is one noun."""
    if sentence.cell is not None or is_heading_line(reading, sentence):
        return
    own = compiled(_LIST_LEAD).search(fold(sentence.section.heading)) is not None and sentence.section.start < sentence.span.start
    if not own and not (_in_list(reading, sentence) and sentence.span.start <= sentence.section.start + 4):
        return
    first = parts(reading, sentence.span)[0]
    colon = compiled(r"^[^:]{2,16}:").match(reading.folded[first.start : first.end])
    yield from _objects(reading, Span(first.start + (colon.end() if colon else 0), first.end), False)
    for found in compiled(r"(?:包括|含)(?P<what>[^()。;]{2,60})").finditer(reading.folded[first.start : sentence.span.end]):
        yield from _objects(reading, Span(first.start + found.start("what"), first.start + found.end("what")), False)


def _rows(reading: Reading, table: Table) -> Iterator[Draft]:
    """A table of materials: a row a document, with columns of form and copies where it has them."""
    text = reading.document.text
    heads = {c.column: fold("".join(text[c.start : c.end].split())) for c in table.cells if c.row == 0}
    column = next((i for i, head in heads.items() if compiled(_COLUMNS).search(head)), None)
    copies = next((i for i, head in heads.items() if compiled(r"份数|数量").search(head)), None)
    form = next((i for i, head in heads.items() if compiled(r"形式|要求|类型|介质").search(head)), None)
    if column is None or len(heads) < 2:
        return
    for cell in table.cells:
        if cell.column != column or cell.row == 0 or not text[cell.start : cell.end].strip():
            continue
        sentence = reading.sentence_at(cell.start)
        title = next((m for m in reading.mentions_in(Span(cell.start, cell.end)) if m.kind == "title"), None)
        named = (
            _Named(title.value.title, title.span)
            if title
            else _Named(printed(reading, trimmed(reading, Span(cell.start, cell.end))), trimmed(reading, Span(cell.start, cell.end)))
        )
        draft = _draft(reading, sentence, named, "table-cell")
        words = {i: fold(text[c.start : c.end]) for i in (copies, form) if i is not None and (c := table.covering(cell.row, i)) is not None}
        number = compiled(r"(?P<n>\d+|[一二两三四五六七八九十])").search(words.get(copies, "")) if copies is not None else None
        own = {
            "form": (_form_of(words[form]) if form in words else None) or draft.own["form"],
            "copies": _plain(number["n"]) if number else draft.own["copies"],
        }
        yield replace(draft, own=own)


# -- form and copies


def _form_of(words: str) -> str | None:
    return next((form for form, expression in _FORMS if compiled(expression).search(words)), None)


def _form(reading: Reading, sentence: Sentence, span: Span) -> str | None:
    """What the clause says of the form: （扫描件）, 纸质打印, 电子版; where several documents share the clause only what stands right beside."""
    clause = next((c for c in parts(reading, sentence.span) if c.overlaps(span)), sentence.span)
    before, behind = compiled(r"[、和及与或]").split(reading.folded[clause.start : span.start])[-1], reading.folded[span.end : clause.end]
    near = compiled(r"^[^、,;。]{0,24}").match(behind)
    return _form_of(before[-8:]) or (_form_of(near.group()) if near else None)


def _copies(reading: Reading, sentence: Sentence, span: Span) -> str | None:
    """The number of copies beside the name: 一式2份 behind it, 两份 before it."""
    for mention in reading.mentions_in(sentence.span):
        if mention.kind != "quantity" or not isinstance(mention.value, Count) or mention.value.unit not in ("份", "套", "张", "本", "册"):
            continue
        between = reading.folded[span.end : mention.span.start] if mention.span.start >= span.end else reading.folded[mention.span.end : span.start]
        if (
            span.end <= mention.span.start
            and len(between) <= 16
            and not compiled(r"[、;。》]").search(between)
            or mention.span.end <= span.start <= mention.span.end + 2
        ):
            return plain(mention.value.number)
    return None


def _plain(words: str) -> str | None:
    number = parse(words)
    return plain(number) if number is not None else None
