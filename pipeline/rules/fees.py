"""What it costs: amounts by level and head, fees stated by a document, fees to be paid without an amount, fees that may not be taken."""

from collections.abc import Iterator
from dataclasses import replace

from extractors.numerals import plain
from extractors.pattern import compiled, fold
from extractors.terms import find_levels, find_subjects, holds
from pipeline.rules.draft import Draft, Proof, modality_of
from pipeline.scope import level_uses, scope_of, topic_groups
from pipeline.statements import Reading, Sentence
from schemas.document import Span
from schemas.mention import Amount, Mention
from schemas.ruleset import Scope
from schemas.values import ByReference, Money, NotStated, Prohibited, Text

FEE = r"费(?!用人|时|解|力|心|尽|劲)"
NO_FEE = r"补贴|补助|奖励|安家|工资|薪|经费|奖金|资助|津贴|奖学金|助学金|待遇|收入|注册资本|产值|投资|造价|合同额"
GENERAL = "费用"


def fee_rules(reading: Reading) -> Iterator[Draft]:
    """Every fee rule of a notice; a payee named in a later sentence is added to the fees that it speaks of."""
    stated = [*_stated(reading), *_in_tables(reading), *_in_lists(reading)]
    yield from _with_payees(reading, stated)
    yield from _free_of_charge(reading)
    yield from _reduced(reading)
    yield from _prohibited(reading)
    referred = list(_by_reference(reading))
    yield from referred
    known = {draft.subject for draft in stated + referred}
    if not known:
        yield from _not_stated(reading)


def _stated(reading: Reading) -> Iterator[Draft]:
    per: dict[int, str | None] = {}
    last: Draft | None = None
    for mention in reading.mentions:
        if mention.kind != "money" or not isinstance(mention.value, Amount):
            continue
        sentence = reading.sentence_at(mention.span.start)
        subject = fee_named(reading, sentence, mention.span)
        if subject is None or _is_sum(reading, sentence, mention):
            continue
        before = reading.masked[sentence.span.start : mention.span.start]
        listed = compiled(r"[、,;和][^,;。]{0,14}$").search(before) is not None
        per[sentence.span.start] = mention.value.per or (per.get(sentence.span.start) if listed else None)
        draft = _draft(reading, sentence, mention, subject, per[sentence.span.start])
        if last is not None and draft.scope.levels is None and draft.subject != last.subject and last.proofs[0].span.start >= sentence.span.start:
            draft = replace(draft, scope=draft.scope.model_copy(update={"levels": last.scope.levels}))  # 高级评审费600元，其中论文鉴定费200元
        last = draft
        yield draft


def _in_tables(reading: Reading) -> Iterator[Draft]:
    """A cell, or a line below its label, that is only a number, under a header that names a fee in 元."""
    for sentence in reading.sentences:
        if not sentence.labels:
            continue
        number = compiled(r"\s*(?P<n>\d+(?:\.\d+)?)\s*").fullmatch(reading.folded[sentence.span.start : sentence.span.end])
        if number is None:
            continue
        column, row = fold(sentence.labels[0]), sentence.labels[-1]
        if not compiled("[费元]").search(column):
            continue
        above = reading.folded[sentence.section.start : sentence.span.start]
        fee = "费" in column or compiled(FEE).search(above)
        if not fee or "元" not in column + above or compiled(NO_FEE).search(column + row):
            continue
        terms = find_subjects("fee", column) or find_subjects("fee", fold(row))
        if sentence.cell is None:
            terms = find_subjects("fee", fold(row)) or terms
        per = compiled(r"元[/每](?P<per>人|科目?|次|篇)").search(column)
        levels = tuple(sorted({word for term in find_levels(fold(row)) for word in term.words}))
        yield Draft(
            "fee",
            terms[-1].words[0] if terms else compiled(r"[(][^()]*[)]").sub("", column),
            Money(amount=number["n"]),
            (Proof(Span(sentence.span.start + number.start("n"), sentence.span.start + number.end("n")), "fee.table_cell"),),
            Scope(levels=levels) if levels else Scope(items=(row,)) if row and not find_subjects("fee", fold(row)) else Scope(),
            per=per["per"] if per else None,
            reasons=("table-cell",),
        )


def _in_lists(reading: Reading) -> Iterator[Draft]:
    """评审收费标准（元/人）：高级480，中级320: numbers whose unit stands once before them."""
    for sentence in reading.holding(r"\((?:单位:)?元"):
        start = sentence.span.start
        text = reading.masked[start : sentence.span.end]
        head = compiled(r"(?P<what>\p{Han}{0,12}(?:费用?|收费标准|标准))\((?:单位:)?元(?:[/每](?P<per>人|科目?|次|篇))?\)[:为]").search(text)
        if head is None or compiled(NO_FEE).search(head["what"]):
            continue
        for found in compiled(r"(?P<who>\p{Han}{2,12})[ :]{0,2}(?P<n>\d{2,5}(?:\.\d{1,2})?)(?![\d%]|[ ]?(?:元|年|月|日|号|人))").finditer(
            text, head.end()
        ):
            terms = find_subjects("fee", found["who"]) or find_subjects("fee", head["what"])
            levels = tuple(sorted({word for term in find_levels(found["who"]) for word in term.words}))
            yield Draft(
                "fee",
                terms[-1].words[0] if terms else GENERAL,
                Money(amount=found["n"]),
                (Proof(Span(start + found.start("n"), start + found.end("n")), "fee.listed"),),
                Scope(levels=levels) if levels else Scope(items=(found["who"],)),
                per=head["per"],
            )


def _draft(reading: Reading, sentence: Sentence, mention: Mention, subject: tuple[str, str | None], per: str | None) -> Draft:
    amounts = [m for m in reading.mentions_in(sentence.span) if m.kind == "money"]
    earlier = [m.span.end for m in amounts if m.span.end <= mention.span.start]
    shared = _shared_out(reading, sentence, mention, amounts)
    scoped = scope_of(reading, sentence, mention.span, since=max(earlier, default=None), levels=shared, routed=False)
    item = compiled(r"(?P<item>\p{Han}{2,14}?科目|《[^》]{2,12}》科目)[^,;。]{0,8}$").search(
        reading.folded[max(sentence.span.start, *earlier, mention.span.start - 30) : min(mention.span.start + 12, mention.span.end)]
    )
    value = mention.value
    return Draft(
        "fee",
        subject[0],
        Money(amount=plain(value.amount), former=plain(value.former) if value.former is not None else None),
        (Proof(mention.span, mention.pattern),),
        scoped.scope.model_copy(update={"items": (item["item"].removeprefix("各级别"),)}) if item and value.per != "科目" else scoped.scope,
        per=per,
        payer=_payer(reading, sentence, mention.span),
        payee=_collector(reading.masked[mention.span.end : sentence.span.end]),
        modality=modality_of(reading, sentence, mention.span),
        reasons=tuple(r for r in (subject[1], *scoped.reasons, "per-from-list" if per != value.per else None) if r),
    )


def _shared_out(reading: Reading, sentence: Sentence, mention: Mention, amounts: list[Mention]) -> tuple[str, ...] | None:
    """高、中、初级…分别为420元/人、240元/人，120元/人: the level in the same place of its list."""
    text = reading.masked[sentence.span.start : mention.span.start]
    if "分别" not in text:
        return None
    at = sentence.span.start + text.rindex("分别")
    run = [m for m in amounts if m.span.start >= at]
    levels = [
        w for g in topic_groups(reading.masked[sentence.span.start : at], level_uses(reading.masked[sentence.span.start : at]))[-1:] for w in g.words
    ]
    if len(levels) != len(run):
        return None
    return (levels[run.index(mention)],)


def _is_sum(reading: Reading, sentence: Sentence, mention: Mention) -> bool:
    """报名费10元，考务费每科61元两科，共计132元: what the amounts before it come to is no fee of its own."""
    before = reading.masked[sentence.span.start : mention.span.start]
    earlier = [m for m in reading.mentions_in(sentence.span) if m.kind == "money" and m.span.end <= mention.span.start]
    return len(earlier) > 1 and compiled(r"(?:共计|合计|总计|共)[为:]?[ ]?$").search(before) is not None


def fee_named(reading: Reading, sentence: Sentence, span: Span) -> tuple[str, str | None] | None:
    """The fee that an amount belongs to: the nearest word before it, behind it in the sentence, in the header, in the heading. Null where nothing says fee."""
    before = reading.masked[sentence.span.start : span.end]
    behind = reading.masked[span.end : sentence.span.end]
    labels = "".join(sentence.labels) if sentence.cell is None else ""
    if compiled(NO_FEE).search(before[-40:] + labels) or compiled(NO_FEE).search(behind[:60]):
        return None
    if noun := _fee_noun(reading.masked[sentence.span.start : span.start], behind):
        return noun, "subject-free"
    for text, take in ((before, -1), (behind, 0)):
        terms = find_subjects("fee", text)
        if terms:
            return terms[take].words[0], None
    for label in reversed(sentence.labels):
        if terms := find_subjects("fee", fold(label)):
            return terms[-1].words[0], "subject-from-table"
    for above in reading.true_headings(sentence.section):
        if terms := find_subjects("fee", fold(above.heading)):
            return terms[-1].words[0], "subject-from-heading"
    earlier = [s for s in reading.paragraph_of(sentence) if s.span.start < sentence.span.start]
    for other in reversed(earlier):
        if terms := find_subjects("fee", reading.masked[other.span.start : other.span.end]):
            return terms[-1].words[0], "subject-from-paragraph"
    if compiled(rf"{FEE}|收取|缴纳|交纳").search(before + behind):
        return GENERAL, "subject-free"
    return None


_NOUN = r"(?P<noun>\p{Han}{1,7}(?<![缴交收免付退自公经消]|所需|以上|上述|相关|全部|其它|其他)费)(?!用人)"


def _fee_noun(before: str, behind: str) -> str | None:
    """签证费（含服务费）：1500元, 扣除3000元手续费: the notice's own noun right beside the amount, where the vocabulary has no word for it."""
    found = compiled(rf"(?:^|[;,。、:(]|其中,?)[ ]?{_NOUN}(?:标准)?(?:\([^()]*\))?(?:按照?|为|是|约|:|[ ]|每\p{{Han}}{{1,3}})*$").search(before)
    found = found or compiled(rf"^(?:的)?{_NOUN}(?=[,;。、]|$)").search(behind)
    return found["noun"] if found and not find_subjects("fee", found["noun"]) else None


def _collector(text: str) -> str | None:
    found = compiled(r"由(?P<who>[^,;。:由]{2,30}?)(?:统一|负责|代为)?(?:收取|代收|收缴|收集)").search(text)
    return "".join(found["who"].split()) if found else None


def _payer(reading: Reading, sentence: Sentence, span: Span) -> str | None:
    text = reading.masked[sentence.span.start : sentence.span.end]
    if not compiled(r"缴纳|交纳|支付").search(text):
        return None
    found = compiled(r"(?P<who>申报人员?|考生|报考人员|应试人员|参评人员|申报对象|用人单位|学员)").search(
        text[: max(0, span.start - sentence.span.start)]
    )
    if found is None:
        return None
    return found["who"]


def _with_payees(reading: Reading, drafts: list[Draft]) -> Iterator[Draft]:
    """其中，中级评审费和副高推荐费由中评委收取，正高推荐费由…收取: payees by level and fee; a fee of 高级 is split where its parts differ."""
    payees = list(_payees(reading))
    for draft in drafts:
        named = [(levels, who, proof) for levels, subject, who, proof in payees if subject == draft.subject]
        own = draft.scope.levels if isinstance(draft.scope.levels, tuple) else ()
        same = [(who, proof) for levels, who, proof in named if levels == own]
        parts = [(levels, who, proof) for levels, who, proof in named if len(own) == 1 and levels and set(levels) <= set(holds(own[0]))]
        if same:
            yield replace(draft, payee=same[0][0], proofs=(*draft.proofs, same[0][1]))
        elif parts:
            for levels, who, proof in parts:
                yield replace(draft, scope=draft.scope.model_copy(update={"levels": levels}), payee=who, proofs=(*draft.proofs, proof)).why(
                    "scope-from-payee"
                )
        else:
            yield draft


def _payees(reading: Reading) -> Iterator[tuple[tuple[str, ...], str, str, Proof]]:
    """(levels, fee, who, proof) for each clause X费由Y收取."""
    for sentence in reading.holding(r"收[取缴]|代收"):
        text = reading.masked[sentence.span.start : sentence.span.end]
        if "由" not in text or "元" in text:
            continue
        for found in compiled(r"(?P<what>[^,;。:]{2,40}?)由(?P<who>[^,;。:由]{2,30}?)(?:统一|负责)?(?:收取|代收|收缴)").finditer(text):
            span = Span(sentence.span.start + found.start("what"), sentence.span.start + found.end())
            for part in compiled(r"和|及|、|以及").split(found["what"]):
                fees, levels = find_subjects("fee", part), find_levels(part)
                if fees and levels:
                    yield levels[-1].words, fees[-1].words[0], found["who"], Proof(span, "fee.payee", "scope")


_NOT_TO_TAKE = r"(?:不得|严禁|禁止|不准)(?:再|违规|擅自|另行)?收"


def _prohibited(reading: Reading) -> Iterator[Draft]:
    for sentence in reading.holding(_NOT_TO_TAKE):
        start = sentence.span.start
        text = reading.masked[start : sentence.span.end]
        for found in compiled(rf"{_NOT_TO_TAKE}取?(?:任何|其他)?(?P<what>[^,;。:)]{{0,10}}?费用?)").finditer(text):
            stage = compiled(r"(?P<who>[^,;。:(]{2,12})$").search(text[: found.start()])
            span = Span(start + (stage.start() if stage else found.start()), start + found.end())
            what = find_subjects("fee", found["what"])
            agent = compiled(r"(?P<who>地方主管部门|主管部门|评委会|培训机构|[^,;。:(]{2,8}(?:部门|单位|机构))除").search(text[: found.start()])
            yield Draft(
                "fee",
                what[-1].words[0] if what else GENERAL,
                Prohibited(),
                (Proof(span, "fee.prohibited"),),
                Scope(items=(stage["who"],)) if stage else Scope(),
                payee=agent["who"] if agent else None,
                modality="must_not",
            )


_BY_MEASURE = r"执行|收取|收费|缴纳|标准"


def _by_reference(reading: Reading) -> Iterator[Draft]:
    """根据…浙价费〔2002〕229号文件执行，今年职称评审推荐费用…: the sentence names a fee and a document, and no amount."""
    for sentence in reading.holding(_BY_MEASURE):
        text = reading.masked[sentence.span.start : sentence.span.end]
        inside = reading.mentions_in(sentence.span)
        documents = [m for m in inside if m.kind in ("number", "title") and (m.kind == "number" or m.value.number)]
        if not documents or any(m.kind == "money" for m in inside) or not compiled(_BY_MEASURE).search(text):
            continue
        fees = find_subjects("fee", text)
        if not fees:
            continue
        number = documents[0].value.text if documents[0].kind == "number" else documents[0].value.number
        last = fees[-1]
        span = Span(documents[0].span.start, max(documents[0].span.end, sentence.span.start + last.end))
        if len(span) > 120:
            span = documents[0].span
        yield Draft(
            "fee",
            last.words[0],
            ByReference(reference=number),
            (Proof(span, "fee.by_reference"),),
            reasons=("fee-by-reference",),
            modality=modality_of(reading, sentence, span),
        )


def _free_of_charge(reading: Reading) -> Iterator[Draft]:
    """初定不收费, 二级及以下免收: nothing is to be paid."""
    for sentence in reading.holding(r"不(?:再|另行?)?收|免[收缴交除费]"):
        start = sentence.span.start
        text = reading.masked[start : sentence.span.end]
        for found in compiled(
            r"(?<!\")(?:不(?:再|另|另行)?收取?(?:任何|其他)?(?:评审|报名|相关)?费用?|免[收缴交除](?!后)(?:\p{Han}{0,10}费用?)?|免费(?=办理|评审|参加|培训|报名|[,;。]|$))(?!\")"
        ).finditer(text):
            if not (find_subjects("fee", text) or compiled(r"费").search(found.group())) or compiled(r"减免|免考").search(text):
                continue
            span = Span(start + found.start(), start + found.end())
            named = find_subjects("fee", found.group()) or find_subjects("fee", text[: found.start()])
            scoped = scope_of(reading, sentence, span, since=_last_mark(text, found.start()) + start)
            subject = named[-1].words[0] if named else GENERAL
            declared = compiled(r"本通知|我[局厅办会校院]|未委托|各[级地]").search(text[: found.end() + 12])
            value = Prohibited() if declared else Money(amount="0")
            yield Draft("fee", subject, value, (Proof(span, "fee.free"),), scoped.scope, reasons=scoped.reasons)


_REDUCED = r"减半(?:收取|收费|缴纳|缴费|收)?(?!数)|减收(?:一半|半)|[一二三四五六七八九]折(?:优惠)|(?:优惠|减免|减收)\d{1,2}%|(?:按|以)[^,;。:]{0,10}?(?:\d{1,2}%|[一二三四五六七八九]折|百分之\p{Han}{1,3})(?:收取|缴纳|收费|缴费)"


def _reduced(reading: Reading) -> Iterator[Draft]:
    """学费减半收取, 系统内单位优惠20%: a part of a fee, in the notice's own words."""
    for sentence in reading.holding(r"减半|优惠|减免|减收|收[取费]|缴[纳费]"):
        start = sentence.span.start
        text = reading.masked[start : sentence.span.end]
        for found in compiled(_REDUCED).finditer(text):
            span = Span(start + found.start(), start + found.end())
            named = find_subjects("fee", text[: found.end()]) or find_subjects("fee", text)
            if not named and not compiled(FEE).search(text):
                continue
            scoped = scope_of(reading, sentence, span, since=_last_mark(text, found.start()) + start)
            subject = named[-1].words[0] if named else GENERAL
            yield Draft(
                "fee",
                subject,
                Text(text="".join(reading.document.quote(span).split())),
                (Proof(span, "fee.reduced"),),
                scoped.scope,
                reasons=scoped.reasons,
            )


def _last_mark(text: str, end: int) -> int:
    return max(text.rfind(mark, 0, end) for mark in ",;:") + 1


_TO_PAY = r"缴纳|交纳|缴费|支付|缴交"
_DUTY = r"(?:缴纳|交纳|缴交|支付|完成)(?P<what>[^,;。:(]{0,12}?费用?)|(?P<what>[^,;。:]{0,4}费用?)(?:的?缴纳|缴费|支付)(?!成功)"


def _not_stated(reading: Reading) -> Iterator[Draft]:
    """登录系统缴纳推荐、评审费用: a duty to pay in a notice that nowhere says how much."""
    seen: dict[str, Draft] = {}
    for sentence in reading.holding(_TO_PAY):
        start = sentence.span.start
        text = reading.masked[start : sentence.span.end]
        if not compiled(_TO_PAY).search(text) or compiled(r"不(?:再|得|需)?(?:收|缴|交)|免费|(?<!人力)社保(?!部门|局|厅)|保险|养老").search(text):
            continue
        for found in compiled(_DUTY).finditer(text):
            span = Span(start + found.start(), start + found.end())
            for subject in _fees_named(found["what"]):
                if subject in seen:
                    seen[subject] = replace(seen[subject], proofs=(*seen[subject].proofs, Proof(span, "fee.not_stated")))
                else:
                    scoped = scope_of(reading, sentence, span, routed=False)
                    seen[subject] = Draft(
                        "fee",
                        subject,
                        NotStated(),
                        (Proof(span, "fee.not_stated"),),
                        scoped.scope,
                        modality=modality_of(reading, sentence, span),
                        reasons=("fee-not-stated", *scoped.reasons),
                    )
    if len(seen) > 1:
        seen.pop(GENERAL, None)
    yield from seen.values()


def _fees_named(text: str) -> tuple[str, ...]:
    """推荐、评审费用 → 推荐费, 评审费; 费用 → 费用."""
    head = compiled(r"费用?$").sub("", text)
    parts = [part for part in compiled(r"、|和|及").split(head) if part]
    named = [terms[-1].words[0] for part in parts if (terms := find_subjects("fee", part + "费"))]
    return tuple(dict.fromkeys(named)) or (GENERAL,)
