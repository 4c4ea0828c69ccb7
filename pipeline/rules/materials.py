"""Documents to be handed in, uploaded or shown: forms in 《》, lists behind a verb of giving, numbered lists, tables; with their form and copies."""

from collections import defaultdict
from collections.abc import Container, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from extractors.numerals import parse, plain
from extractors.pattern import compiled, fold
from extractors.references import is_document
from extractors.terms import find_routes
from pipeline.rules.addressees import addressed, condition_before, labelled, named_group
from pipeline.rules.clauses import in_body, in_form, parts, printed, trimmed
from pipeline.rules.draft import Draft, Proof, modality_of
from pipeline.statements import Reading, Sentence, is_heading_line
from schemas.document import Section, Span, Table
from schemas.mention import Count, Mention
from schemas.ruleset import Scope

_GIVE = r"(?:提交|提供|上传|报送|递交|呈交|出具|附上|附送|附(?!件|近|加|页|录)|携带|交验|出示|寄送|送交|邮寄|填写|填报|填好|签署|签订|导出|打印|下载|准备|补交|补充|备齐|上交|缴交|扫描|凭(?!据|证|单)|持(?!有|续))(?!时|后|前|工作|方式|地点|要求)"
_COUNTED = r"[ ]?各?(?:一式)?[一二两三四五六七八九十\d]+[ ]?[份套篇本张册部](?:\([^()]{0,6}\))?$"
_IN_LINE = r"(?:申报|送审|报送|报名|评审|提交|上报|所需)(?:的)?(?:材料|资料)(?:主要)?(?:包括|含|有|为)[:]?(?P<what>[^。;]{4,160})"
_CONCLUDED = r"承诺书|保证书|责任书|诚信书"  # what is signed and handed in; contracts are concluded and kept
_ISSUED = r"准考证|发票|票据|收据|证书$|成绩"  # what one prints for oneself
_LOOSE = r"填写|填报|填好|凭|持|打印|下载|签署|签订|导出|补充|扫描"  # verbs whose object is a document only where its own name says so
_HEAD = (
    r"(?:证明(?:材料|文件|信)?|证书|证件|身份证|户口[本簿]|驾驶证|[^参保考论]证(?!明|件)|登记表|审批表|推荐表|评审表|申报表|申请表|报名表|汇总表|自评表|自荐表|信息表|考核表|意见表|情况表|量化表|评价表|评分表|花名册|名册|表格?"
    r"|承诺书|保证书|申请书|委托书|推荐书|协议书|任务书|认证书|确认书|合同书?|协议|聘书|聘任书|(?:任命|资格|聘任|聘用|获奖|批准|立项|结题|录用|授权|任职)\p{Han}{0,2}文件|批文|批件|公文"
    r"|复印件|扫描件|影印件|原件|照片|免冠照|证件照|登记照|相片|截图|成绩单|合格单|准考证|病历|档案|清单|封面|(?:封面|目录|论文|正文|版权|内容|首|扉|刊)页"
    r"|(?:业绩|佐证|印证|支撑|证明|作证|认证|公示|学历|附件|成果|论文|资格|政治表现|思想|个人|学术|辅助|其他)\p{Han}{0,6}(?:材料|资料)|查询结果|公示结果|公示情况|(?<!任期)考核情况|继续教育(?:情况|学时)|情况说明|\p{Han}{2}依据"
    r"|论文|著作|代表作|获奖文件|专利|凭据|凭证|票据|发票|单据|回执|推荐信|介绍信|公函|函件|推荐函|邀请函|委托函|简历|履历表?|述职报告|检测报告|查新报告|体检报告|认证报告|验证报告|报告|总结|鉴定|说明|意见|合格单|电子版|纸质版|光盘|U盘|表)"
)
_NAMED = rf"(?r)(?:{_HEAD})$"  # read from the end: most words end in nothing of it
_GENERAL = r"^(?!情况说明$)(?:(?:申报|相关|有关|送审|评审|全部|所有|上述|以上|相应|规定|纸质|电子|报名|审核|评审的)*(?:材料|资料|证明|证件|证书|信息|表格|附件|文件|证明材料|说明|意见|情况|电子版|扫描件|复印件|原件|报告|总结|档案)[、和及]?)+$|^(?:签署|审核|推荐|初审|审查)?意见$|^理由$"
_NO_MATERIAL = r"^其他\p{Han}*材料$|业绩档案|信息(?!表)|无需|应为|格式|^(?:此|该|对|各单位)|^申报人员(?!花名册|名册|名单|信息|汇总)|手册|指南|指引|教材|大纲|科目(?!\p{Han}{0,8}(?:证书|证明|成绩单))|(?:期刊|学报)$|栏目|菜单|页面|按钮|平台|系统|通知书?$|公告$|试卷|答题卡|登录|[《》]|^(?:材料|信息)的|^(?:分发|发放)|(?:申报|评审|送审|报名|推荐)材料$|(?:认|验|保|公|论|查|(?<!准)考)证$"
_NAME_WORDS = (
    # one of them, or a form, is in every document's name
    r"《|证|户口|表|书|协议|合同|文件|批[文件]|公文|[印描原]件|照|相片|截图|单|病历|档案|封面|[面录文权容首扉刊]页|材料|资料|公示[结情]|查询结果|考核情况|继续教育|说明|依据|论文"
    r"|著作|代表作|专利|凭据|票|回执|[荐绍]信|函|简历|履历|述职|报告|总结|鉴定|意见|册|卡|[子质描]版|光盘|U盘|扫描|电子[文件稿]|PDF|WORD|Excel|纸质|双面打印|A4"
)
_FORMS: tuple[tuple[str, str], ...] = (
    ("扫描件", r"扫描件|扫描版|扫描上传|扫描正面"),
    ("原件及复印件", r"原件(?:及|和|、|与)复印件"),
    ("复印件", r"复印件|影印件"),
    ("原件", r"原件"),
    ("电子版", r"电子版|电子文档|电子件|电子稿|PDF|WORD|Excel"),
    ("纸质", r"纸质|双面打印|A4"),
)
_LEAD_STRIP = (
    r"^(?:\p{Han}{1,6}(?:携带|提供|提交|上传|出具)|其他(?!\p{Han}{1,6}的)|其它|并|应|须|需|请|可|将|把|其(?!他)|的|由|按要求|根据[^,]{2,12}要求|本人(?!系|为|是)|个人签字的|(?:白|蓝|红)色?底|一份|[一二两三四五\d]+[份张套]|以下|下列|上述|相应|相关|有关|完整|清晰|有效|真实|准确|"
    r"符合要求|加盖[^的]{2,10}|经[^的]{2,16}|与[^的]{2,14}一致|已取得|已获得|所取得|近?[一二三四五六七八九十\d]+年(?!度)(?:来|内)?|累计[一二三四五六七八九十\d]+年|\p{Han}{2,10}以来|以来|历[年任次]|[\d、,~至-]{4,30}年度?|重新|上传|提供|提交|出具|打印|双面|签署|在线|再次|各类|各种|原|包括|含|如)+的?"
)
_ORIGIN = (  # words before 的 that say how a document came about or what it must be like: no part of its name
    r"出具|签[字名署发]|盖章|公章|取得|获得|一致|[颁核印]发|开具|提供|提交|证明|审[核批]|认[定可]|确认|打印|填[写报]|生成|规定|要求|指定|所在|[有相]关|近|年|有效|完整|清晰|真实|符合|用于|体现|反映|说明|发布|下发|通过|带有|注册|发表|出版|[一二两三四五六\d][名位个]"
)
_BOTH = r"(?P<what>.+?)(?P<form>原件(?:及|和|、|与)复印件|(?:彩色)?扫描件|扫描版|复印件|影印件|原件|电子版|纸质版?)$"
_LIST_LEAD = r"(?:材料|附件|资料|证件|证明|文件)[^。]{0,6}(?:如下|包括|:)|(?:以下|下列)[^。]{0,8}(?:材料|附件|资料|证件)|(?:报送|提交|提供|上传|携带|所需|应交|须交)[^。]{0,6}(?:材料|资料|证件|附件)$|材料(?:清单|目录)$"
_WHOSE = r"\((?:仅)?(?:适用于|限于?|用于|供)(?P<who>[^(),]{2,24}?)(?:提供|填写|使用|提交|上传)?"
_FOR = rf"^(?:[及和]\p{{Han}}{{2,8}})?{_WHOSE}(?:,[^()]*)?\)"
_AROUND = rf"{_WHOSE},[^()]*$"
_OF_SOMETHING = r"^(?:印证|佐证|支撑|作证)(?:材料|资料)$"  # names that say nothing of what the document is about
_COLUMNS = r"^(?:材料|资料|申报材料|证件|文件|附件)(?:名称|清单|目录|内容)?$|材料名称"


_PROOF_BESIDE = r"^(?:相关|有关)证明(?:材料|文件)?(?=[(]|$)"
_PROOF = r"^证明材料$"
_HANDED_ON = r"报送|上报|报至|提交|上传|盖章|签[字名]|[一二三四五六\d] ?份|装订|送"
_LABELLED = r"^[^,;。:]{2,14}:(?P<what>(?:(?!上传|提[供交]|出具|填|[指是须应按])[^,;。:]){4,40}?)(?=[(,]|$)"
_CHAPTER = r"材料(?:申报|报送|上传|准备|提交)?的?要求$"
_UNTOLD = r"^(?:并|请|须|需|应|可|还)*(?:上传|提供|提交|附上?)(?P<form>扫描件|复印件|原件|电子版)?$"
_PASSIVE = r"^(?:有)?(?P<what>[^,;。]{0,40}?)(?:也|均|都|一并|同时)*(?:应|须|需|可)(?:也|同时|一并|先|直接|统一|全部)*(?:上传|提交|报送|递交|提供)(?=至|到|$)"


_NOT_GIVEN = r"(?:无需|无须|不需|不再|不必|未|不|免|不得|可自动|系统)(?:(?!的)[^,;。]){0,8}$|(?:要求|再)[^,;。]{0,4}人员$"
_NOT_ITS_OBJECT = {"签订": rf"^(?!.*(?:{_CONCLUDED}))", "下载": _ISSUED, "打印": _ISSUED}
_GIVEN_BY_ITSELF = r"上传|提[交供]|报送|递交|附"  # verbs that may stand without an object


REACH = 160  # characters that a list of documents may run on behind its verb
LONGEST = 60  # characters of one name with what leads to it
LONGEST_ATTRIBUTE = 14  # characters before 的 that may belong to a name
SHORT = 4  # characters of a name that may stand for a fuller one


@dataclass(frozen=True)
class _Named:
    """A document with where its name stands; `span` takes in the form behind it. A `general` name (证明材料) is a document only where a group is to hand it in."""

    name: str
    span: Span
    form: str | None = None
    general: bool = False


@dataclass(frozen=True)
class _Lists:
    """Sections, by their ids, whose words are a list of materials: `led` by the own heading, `items` of a list whose heading or last words say so,
    `chapters` under a heading that says what materials must be like."""

    led: frozenset[str]
    items: frozenset[str]
    chapters: frozenset[str]


def material_rules(reading: Reading) -> Iterator[Draft]:
    """One rule a document: where it is named again in the same or a wider scope, that is one more proof."""
    kept: list[Draft] = []
    by_name: dict[str, list[int]] = defaultdict(list)
    lists = _lists(reading)
    for sentence in reading.holding(_NAME_WORDS):
        if sentence.cell is not None and not _is_prose(reading, sentence) or not in_body(reading, sentence) or in_form(reading, sentence):
            continue
        for named in _documents(reading, sentence, lists):
            draft = _draft(reading, sentence, named)
            if not named.general or draft.scope.applicants:
                _take(kept, by_name[fold(draft.subject)], draft)
    for table in reading.document.tables:
        for draft in _rows(reading, table):
            _take(kept, by_name[fold(draft.subject)], draft)
    yield from _shortened(reading, kept)


def _shortened(reading: Reading, drafts: list[Draft]) -> Iterator[Draft]:
    """评审表 is 《专业技术职务任职资格评审表》 said shorter, 授权委托书证明 is 授权委托书 said longer: one rule, where only one other document can be meant."""
    meant = {i: others[0] for i, draft in enumerate(drafts) if len(others := [d for d in drafts if _says_again(reading, draft, d)]) == 1}
    for i, draft in enumerate(drafts):
        if i not in meant:
            again = [drafts[j] for j in meant if meant[j] is draft]
            proofs = tuple(p for other in again for p in other.proofs)
            scope = draft.scope
            for other in again:
                scope = scope.merged(other.scope.model_copy(update={"items": None}))
            yield replace(draft, proofs=(*draft.proofs, *proofs), scope=scope)


def _says_again(reading: Reading, draft: Draft, other: Draft) -> bool:
    """Whether a document's name is another one's in other words: its end, and short or in one sentence with it; or one is the other with 证明 behind."""
    name, fuller = draft.subject, other.subject
    if fuller.endswith("书") and name == f"{fuller}证明":
        return True
    if name in ("继续教育情况", "继续教育学时") and compiled(r"继续教育学时\p{Han}{0,4}证明").search(fuller):
        return True
    if len(fuller) <= len(name) or not fuller.endswith(name) or fuller.endswith(f"的{name}"):
        return False
    short = len(name) <= SHORT and name.endswith(("表", "书"))
    return short or reading.sentence_at(draft.proofs[0].span.start) is reading.sentence_at(other.proofs[0].span.start)


def _is_prose(reading: Reading, sentence: Sentence) -> bool:
    return len(sentence.span) > 20 and "," in reading.folded[sentence.span.start : sentence.span.end]


def _take(kept: list[Draft], named_so: list[int], draft: Draft) -> None:
    """`named_so` are the places in `kept` of the documents of this name."""
    twin = next((i for i in named_so if _compatible(kept[i], draft)), None)
    if twin is None:
        named_so.append(len(kept))
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
    return (
        stated.get("items") == other.get("items")
        and all(stated[name] == other[name] for name in stated.keys() & other.keys())
        and all(a.own.get(f) is None or b.own.get(f) is None or a.own.get(f) == b.own.get(f) for f in ("form", "copies"))
    )


def _draft(reading: Reading, sentence: Sentence, named: _Named, *reasons: str) -> Draft:
    scoped = addressed(reading, sentence, named.span)
    scope = _without_options(reading, sentence, named.span, scoped.scope)
    if "适用于" in reading.folded[sentence.span.start : sentence.span.end]:
        scope = _scope_for(reading, sentence, named.span, scope)
    if scope.items is None and scope.applicants is None and compiled(_OF_SOMETHING).search(fold(named.name)):
        scope = scope.model_copy(update={"items": labelled(reading, sentence)})
    return Draft(
        "material",
        named.name,
        None,
        (Proof(named.span, "material.named"),),
        scope,
        condition=condition_before(reading, sentence, named.span.start, scope),
        modality=modality_of(reading, sentence, named.span),
        reasons=(*reasons, *scoped.reasons),
        own={"form": named.form or _form(reading, sentence, named.span), "copies": _copies(reading, sentence, named.span)},
    )


def _without_options(reading: Reading, sentence: Sentence, span: Span, scope: Scope) -> Scope:
    """技能人才申报选择“正常申报”，并上传…: what a system offers to choose from says nothing of whose the document is."""
    if scope.routes is None or scope.routes == "all":
        return scope
    told = compiled(r"选择\"[^\"]*\"").sub("", reading.folded[sentence.span.start : span.start])
    routes = {w for term in find_routes(told) for w in term.words}
    if not routes:
        return scope
    return scope.model_copy(update={"routes": tuple(w for w in scope.routes if w in routes) or scope.routes})


def _scope_for(reading: Reading, sentence: Sentence, span: Span, scope: Scope) -> Scope:
    """《…推荐表》（适用于自评分申报人员）: the bracket behind a document, or around it, says whose it is, and nothing of the other documents of the list."""
    behind = reading.folded[span.end : span.end + 60].lstrip("》。")
    found = compiled(_FOR).match(behind)
    if found is not None:
        whose = named_group(found["who"])
        return scope.model_copy(update={"routes": whose.routes, "applicants": whose.applicants, "employers": whose.employers})
    around = compiled(_AROUND).search(reading.folded[sentence.span.start : span.start])
    if around is not None:
        return scope.model_copy(update={"routes": None}).merged(named_group(around["who"]))
    return scope.model_copy(update={"routes": None, "applicants": None})


# -- what is named


def _documents(reading: Reading, sentence: Sentence, lists: _Lists) -> Iterator[_Named]:
    """The documents of a sentence in order, each place once."""
    found = [
        *_titles(reading, sentence, lists),
        *_given(reading, sentence),
        *_told_before(reading, sentence),
        *_in_line(reading, sentence),
        *_listed(reading, sentence, lists),
    ]
    if not found:
        return
    text = reading.folded[sentence.span.start : sentence.span.end]
    found = [named for named in found if f"{fold(named.name)}包括" not in text]  # 认证材料包括…: the name of a list
    taken: list[Span] = []
    for named in sorted(found, key=lambda n: (n.span.start, -len(n.span))):
        if not any(named.span.overlaps(span) for span in taken):
            taken.append(named.span)
            yield named


def _titles(reading: Reading, sentence: Sentence, lists: _Lists) -> Iterator[_Named]:
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
        if given or sentence.section.id in lists.items or sentence.section.id in lists.led:
            tail = compiled(r"^(?:原件(?:及|和)复印件|扫描件|复印件|原件|电子版)").match(behind)
            end = mention.span.end + (tail.end() if tail else 0)
            yield _Named(mention.value.title, Span(mention.span.start, end), _form_of(tail.group()) if tail else None)


def _is_form(mention: Mention) -> bool:
    title = fold(mention.value.title)
    if mention.value.number or mention.pattern == "reference.addressed" or is_document(mention.value.title):
        return False
    return (
        compiled(_NO_MATERIAL).search(title) is None and compiled(rf"(?r)(?:{_HEAD}|材料|单|卡|书|册|函)(?:\([^()]*\))?$").search(title) is not None
    )


def _given(reading: Reading, sentence: Sentence) -> Iterator[_Named]:
    """The objects of verbs of giving: 上传身份证扫描件、近期免冠照片; 将扫描件上传 has none of its own."""
    for clause in parts(reading, sentence.span):
        text, done = reading.folded[clause.start : clause.end], clause.start
        for verb in compiled(_GIVE).finditer(text):
            begin = clause.start + verb.end()
            if begin < done:
                continue  # a verb inside the list of another: 提供并上传
            if compiled(_NOT_GIVEN).search(text[: verb.start()]) or reading.masked[clause.start + verb.start()] == "□":
                continue
            if verb.group() == "导出" and not compiled(_HANDED_ON).search(
                reading.folded[clause.start + verb.end() : _two_clauses(reading, sentence, clause)]
            ):
                continue  # what a system makes and nobody hands on
            kept_out = _NOT_ITS_OBJECT.get(verb.group())
            loose = compiled(_LOOSE).fullmatch(verb.group()) is not None
            for named in _objects(reading, Span(begin, min(clause.end, begin + REACH)), loose):
                done = named.span.end
                if kept_out is None or compiled(kept_out).search(named.name) is None:
                    yield named
        for found in compiled(r"[将把](?P<what>[^,;。]{2,60}?)(?:上传|报送|寄送|送交|递交|提交|发送|交)").finditer(text):
            yield from _objects(reading, Span(clause.start + found.start("what"), clause.start + found.end("what")), False)
        for found in compiled(r"\((?P<said>(?:含|包括|主要包括|内含|附|须附|需附|[^()]{0,30}材料包括))?(?P<what>[^()]{2,80})\)").finditer(text):
            inside = list(_objects(reading, Span(clause.start + found.start("what"), clause.start + found.end("what")), False))
            if found["said"] or len(inside) > 1:  # 其他附件材料（合格证明、社保凭据等）
                yield from inside


def _two_clauses(reading: Reading, sentence: Sentence, clause: Span) -> int:
    """Where the clause behind a clause ends."""
    return next((other.end for other in parts(reading, sentence.span) if other.start > clause.end), clause.end)


def _told_before(reading: Reading, sentence: Sentence) -> Iterator[_Named]:
    """What a verb of giving without an object of its own speaks of: 学历证书可上传至…; …发明专利等，如有，上传扫描件; the heading of the item."""
    if not reading.holds(sentence.span, _GIVEN_BY_ITSELF):
        return
    clauses = parts(reading, sentence.span)
    for i, clause in enumerate(clauses):
        if not reading.holds(clause, _GIVEN_BY_ITSELF):
            continue
        text = reading.folded[clause.start : clause.end]
        passive, untold = compiled(_PASSIVE).match(text), compiled(_UNTOLD).match(text)
        if passive and passive["what"]:
            yield from _whole(reading, Span(clause.start + passive.start("what"), clause.start + passive.end("what")), None)
        elif passive and i > 1 and compiled(r"^如[^,;。]*等$").match(_words(reading, clauses[i - 1])):
            yield from _whole(reading, clauses[i - 2], None)
        elif untold and i > 1 and compiled(r"^[如若]有$").match(_words(reading, clauses[i - 1])):
            yield from _whole(reading, clauses[i - 2], _form_of(untold["form"] or ""))
        elif untold and untold["form"] and i > 0 and compiled(_NAMED).search(fold(sentence.section.heading)):
            name = sentence.section.heading
            if not compiled(rf"{_GENERAL}|{_NO_MATERIAL}").search(fold(name)):
                yield _Named(name, clause, _form_of(untold["form"]))


def _in_line(reading: Reading, sentence: Sentence) -> Iterator[_Named]:
    """申报材料包括：评审表3份，代表作2篇，…: a list in one sentence, parted by commas."""
    for found in compiled(_IN_LINE).finditer(_words(reading, sentence.span)):
        start = sentence.span.start + found.start("what")
        for clause in parts(reading, Span(start, sentence.span.start + found.end("what"))):
            yield from _objects(reading, clause, False)


def _words(reading: Reading, span: Span) -> str:
    return reading.folded[span.start : span.end]


def _whole(reading: Reading, span: Span, form: str | None) -> Iterator[_Named]:
    """The document that a stretch ends in, a closing 等 left aside."""
    closing = compiled(r"等$").search(_words(reading, span))
    named = _name(reading, Span(span.start, span.end - (1 if closing else 0)))
    if named is not None:
        yield replace(named, form=named.form or form)


def _objects(reading: Reading, span: Span, loose: bool) -> Iterator[_Named]:
    """The documents at the beginning of a span: items parted by 、和及或, up to the first stretch that ends in no document's name."""
    pending = span.start
    held: _Named | None = None
    for end, last in _breaks(reading, span):
        words = trimmed(reading, Span(max(pending, end - LONGEST), end))
        named = _name(reading, words)
        if named is None:
            text = _words(reading, words)
            beside = compiled(_PROOF_BESIDE).match(text)
            if held is not None and beside and reading.folded[pending - 1] in "及和与":
                end = words.start + beside.end()
                held = replace(held, name=held.name + printed(reading, Span(pending - 1, end)), span=Span(held.span.start, end))
            elif held is None and compiled(_PROOF).match(text):
                held = _Named(printed(reading, words), words, general=True)
            elif not last:
                continue  # 学历和学位证书: the first part has no head of its own
            break
        if held is not None:
            yield held
            held = None
        if not (loose and compiled(r"(?:意见|说明|情况|报告|总结|论文|材料|学时)$").search(named.name)):
            held = named
        pending = min(end + 1, span.end)
    if held is not None:
        yield held


_BREAKS = (
    r"[()〔〕《》\"、和及与或,;]|等(?!级|次)|作为|参加|方可|办理|报到|入场|进入|并|后|进行|到|至|给|于|在(?!职|学|读|编)|由|送(?!审)|交(?:由|到)"
)


def _breaks(reading: Reading, span: Span) -> Iterator[tuple[int, bool]]:
    """Where items of a list may end: at 、, 和 及 与 或 outside brackets and quotations, before 等 and verbs; the last one is the end."""
    text = reading.folded[span.start : span.end]
    depth, quoted = 0, False
    limit = len(text)
    for mark in compiled(_BREAKS).finditer(text):
        at, sign = mark.start(), mark.group()
        if sign in "(〔《":
            depth += 1
        elif sign in ")〕》":
            depth -= 1
            if depth < 0:
                limit = at
                break
        elif sign == '"':
            quoted = not quoted
        elif depth == 0 and not quoted:
            if sign in "、和及与或":
                yield span.start + at, False
            elif at > 0:
                limit = at
                break
    yield span.start + limit, True


def _name(reading: Reading, span: Span) -> _Named | None:
    """The document that the words name, without what leads to it and with its form apart; null where they name none, or only 材料 in general."""
    span = trimmed(reading, span)
    text = reading.folded[span.start : span.end]
    bracket = compiled(r"(?P<rest>.*?)\((?P<inside>[^()]*)\)$").fullmatch(text)
    inside = bracket["inside"] if bracket else ""
    if bracket:
        text = bracket["rest"]
    if counted := compiled(_COUNTED).search(text):
        text, inside = text[: counted.start()], ""
    lead = compiled(_LEAD_STRIP).match(text)
    start = lead.end() if lead and lead.end() < len(text) else 0
    body = text[start:].strip('"、,:《》 ')
    offset = text.find(body, start) if body else start
    form: str | None = None
    found = compiled(_BOTH).fullmatch(body) if body.endswith(("件", "版", "质")) else None
    if found and compiled(r"\p{Han}{2}").search(found["what"]):
        body, form = found["what"].strip('"的'), _form_of(found["form"])
    if form is None and inside and len(inside) <= 12:
        form = _form_of(inside)
    if (
        not compiled(_NAMED).search(body)
        and form is None
        or compiled(_GENERAL).search(body)
        or compiled(_NO_MATERIAL).search(body)
        or len(body) < 2
        or len(body) > 40
    ):
        return None
    if form is None and (printed_form := compiled(r"^(?:电子版|纸质版?|扫描版)的?(?=\p{Han}{3})").match(body)):
        form, body, offset = _form_of(printed_form.group()), body[printed_form.end() :], offset + printed_form.end()
    origin, _, tail = body.rpartition("的")
    told = len(origin) > LONGEST_ATTRIBUTE or compiled(_ORIGIN).search(origin)
    if told and len(tail) >= 3 and (not compiled(_GENERAL).search(tail) or tail == "推荐意见") and compiled(_NAMED).search(tail):
        offset += len(body) - len(tail)
        body = tail
    again = compiled(_LEAD_STRIP).match(body)
    if again and len(body) - again.end() >= 3 and not compiled(_GENERAL).search(body[again.end() :]):
        body, offset = body[again.end() :], offset + again.end()
    if compiled(r"[:。,;]|^\d+$|\)[和及与或]|^(?:原件|复印件|扫描件)[及和与]").search(body):
        return None
    begin = span.start + offset
    end = span.start + (len(text) if form and not inside else offset + len(body))
    return _Named(printed(reading, Span(begin, begin + len(body))).strip('“”《》"'), Span(begin, min(end, span.end)), form)


# -- lists and tables


def _lists(reading: Reading) -> _Lists:
    sections = reading.outline.sections
    led = {section.id for section in sections if _leads_a_list(section.heading)}
    items = {section.id for section in sections if section.level > 0 and _in_list(reading, section, led)}
    asking = {section.id for section in sections if compiled(_CHAPTER).search(fold(section.heading))}
    chapters = {section.id for section in sections if any(above.id in asking for above in reading.outline.path(section)[1:])} if asking else set()
    return _Lists(frozenset(led), frozenset(items), frozenset(chapters))


def _in_list(reading: Reading, section: Section, led: Container[str]) -> bool:
    """Whether a section stands in a list of materials: the heading above it or the words that lead the list in say so."""
    for above in reading.outline.path(section)[1:2]:
        if above.id in led:
            return True
        last = next((s for s in reversed(reading.sentences_of(above)) if s.span.start < section.start), None)
        if last is not None and _leads_a_list(reading.folded[last.span.start : last.span.end].rstrip()):
            return True
    return False


@lru_cache(1024)  # sections side by side are led in by the same words
def _leads_a_list(words: str) -> bool:
    return compiled(_LIST_LEAD).search(fold(words)) is not None


def _listed(reading: Reading, sentence: Sentence, lists: _Lists) -> Iterator[_Named]:
    """An item of a numbered list of materials: what it begins with; a paragraph under 需报送材料 that is one noun."""
    section = sentence.section
    own = section.id in lists.led and section.start < sentence.span.start
    item = section.id in lists.items and sentence.span.start <= section.start + 4
    if sentence.cell is not None or not (own or item or section.id in lists.chapters) or is_heading_line(reading, sentence):
        return
    if section.id in lists.chapters:
        start = trimmed(reading, sentence.span).start
        labelled_first = compiled(_LABELLED).match(reading.folded[start : sentence.span.end])
        if labelled_first:
            what = Span(start + labelled_first.start("what"), start + labelled_first.end("what"))
            yield from (named for named in _whole(reading, what, None) if named.span.start == what.start)
            return
    if not own and not item:
        return
    first = next(iter(parts(reading, sentence.span)), None)
    if first is None:  # nothing but marks
        return
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
            and not compiled(r"[),;、和及与或]").search(between)
        ):
            return plain(mention.value.number)
    return None


def _plain(words: str) -> str | None:
    number = parse(words)
    return plain(number) if number is not None else None
