"""Materials, steps, penalties, exemptions, contacts, scores and requirements in sentences as notices of several provinces and bodies word them.

A case is the text and the rules of its kind, drawn in one line each; a near miss has none. How each kind is drawn stands in `DRAWN`.
"""

from collections.abc import Callable
from typing import Any

import pytest

from pipeline.build import build_from_bytes
from pipeline.report.words import value_words
from schemas.ruleset import Ruleset

HEAD = "关于做好2023年度职称评审工作的通知\n\n各有关单位：\n\n现将有关事项通知如下：\n\n"


def rules(text: str) -> Ruleset:
    """The ruleset of a notice with these paragraphs; a line that begins with a tab is a row of a table."""
    joint = "\n".join(line if line.startswith("\t") else f"\n{line}\n" for line in text.split("\n"))
    return build_from_bytes((HEAD + joint).encode(), "notice.txt", series="series")


def material(rule: Any) -> str:
    return " ".join(filter(None, (rule.subject, rule.form, rule.copies and f"×{rule.copies}")))


def step(rule: Any) -> str:
    order = f"{rule.order}." if rule.order else ""
    where = f" @{rule.system}" if rule.system else ""
    return f"{order}{rule.subject}: {rule.actor or '-'} | {rule.action}{where}"


def penalty(rule: Any) -> str:
    return f"{rule.subject}: {rule.conduct} → {rule.consequence}"


def exemption(rule: Any) -> str:
    return str(rule.subject)


def contact(rule: Any) -> str:
    fields = (rule.organisation, ",".join(rule.persons), ",".join(rule.phones), ",".join(rule.emails), rule.address)
    return f"{rule.subject}: " + " | ".join(field or "-" for field in fields)


def points(rule: Any) -> str:
    return f"{'/'.join(rule.scope.items or ())} {value_words(rule.value, rule, 'zh')}"


def requirement(rule: Any) -> str:
    return f"{rule.subject} {rule.modality or '-'}: " + "；".join(e.quote for e in rule.evidence if e.role == "value")


DRAWN: dict[str, Callable[[Any], str]] = {
    "material": material,
    "step": step,
    "penalty": penalty,
    "exemption": exemption,
    "contact": contact,
    "score": points,
    "requirement": requirement,
}


def drawn(kind: str, text: str) -> list[str]:
    return [DRAWN[kind](rule) for rule in rules(text).rules if rule.kind == kind]


def check(kind: str, text: str, *expected: str) -> None:
    assert drawn(kind, text) == list(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("申报人员须提交《专业技术职务任职资格评审表》一式3份。", ["专业技术职务任职资格评审表 ×3"]),
        ("请上传身份证扫描件、学历证书复印件和近期免冠照片。", ["身份证 扫描件", "学历证书 复印件", "近期免冠照片"]),
        ("考生须携带身份证原件、准考证参加考试。", ["身份证 原件", "准考证"]),
        ("报送时需附继续教育证书、聘书、论文等材料。", ["继续教育证书", "聘书", "论文"]),
        ("需提供单位出具的任职证明（加盖公章）。", ["任职证明"]),
        ("填写《岗位信息表》，经单位盖章后上传。", ["岗位信息表"]),
        ("双面打印两份《职称评审表》，由单位统一报送。", ["职称评审表 纸质 ×2"]),
        (
            "无法查询的，提供“教育部学历证书电子注册备案表”或“中国高等教育学历认证报告”。",
            ["教育部学历证书电子注册备案表", "中国高等教育学历认证报告"],
        ),
        (
            "一、需提交的材料\n1.申报人员花名册（电子版）；\n2.职称证书、聘任文件复印件；\n3.近三年年度考核表。",
            ["申报人员花名册 电子版", "职称证书", "聘任文件 复印件", "年度考核表"],
        ),
        (
            "其他附件材料（业务考试成绩合格证明、省外缴纳社保凭据等）请一并上传其他附件材料（业务考试成绩合格证明、省外缴纳社保凭据等）。",
            ["业务考试成绩合格证明", "省外缴纳社保凭据"],
        ),
        ("将业绩佐证材料扫描件上传至系统。", ["业绩佐证材料 扫描件"]),
        ("无法自动核验的，须上传学历证书、毕业生登记表。", ["学历证书", "毕业生登记表"]),
        ("提交两寸白底证件照，重新上传已取得的其他系列的职称证书。", ["两寸白底证件照", "其他系列的职称证书"]),
        ("在职学历的材料也可同时上传；行业资格证书，如建造师、造价师等，可上传至其他栏目。", ["在职学历的材料", "行业资格证书"]),
        ("一、知识产权\n任现职以来取得的实用新型专利等，如有，上传扫描件。", ["实用新型专利 扫描件"]),
        ("一、上传要求\n（一）个人承诺书。本人手写签名，上传扫描件。", ["个人承诺书 扫描件"]),
        ("一、材料报送要求\n1.学历：学信网电子注册备案表（在有效期内），请核对。", ["学信网电子注册备案表"]),
        ("可将期刊封面、目录页、论文页等佐证材料寄送至市职称办。", ["期刊封面", "目录页", "论文页"]),
        ("未取得证书的须上传获奖文件及相关证明材料，可将查询的截图作为附件上传。", ["获奖文件及相关证明材料", "查询的截图"]),
        ("提交学历证书及认证材料（适用于国外学历人员，认证材料包括学位认证书、成绩单等）。", ["学历证书", "学位认证书", "成绩单"]),
        ("提供授权委托书，首次登录的需先提交授权委托书证明。", ["授权委托书"]),
        ("上传公需科目培训合格证书（在外地参加的提供培训合格证书）。", ["公需科目培训合格证书"]),
        ("在系统中导出《评审表》一式2份，报送市人社局。", ["评审表 ×2"]),
        ("导出公示表，在单位内公示5个工作日。", []),
        ("提交推荐函（1份）和项目汇总表（2份）。", ["推荐函 ×1", "项目汇总表 ×2"]),
        ("申报材料包括：评审表3份，代表作2篇（部），近三年年度考核表。", ["评审表 ×3", "代表作", "年度考核表"]),
        ("须提交专业论文或技术报告1篇，附2名正高级专家的推荐意见。", ["专业论文", "技术报告", "推荐意见"]),
        ("个人述职报告须提交电子版。", []),  # what is said of a form alone, and no list: read as a requirement
        # near misses
        ("评审按照《浙江省职称评审管理办法》执行。", []),
        ("具体操作详见《个人用户操作手册》。", []),
        ("考试设《综合能力》和《案例分析》2个科目。", []),
        ("本省内申报人员无需再提供社保缴纳证明。", []),
        ("请认真填写个人信息并提交审核。", []),
        ("单位应出具审核意见并说明理由。", []),
        ("按照有关文件要求提交申报材料。", []),
        ("与用人单位签订劳动合同的在职员工可申报。", []),
        ("需要票据的请自行下载电子发票，考生自行打印准考证。", []),
        ("业绩材料要真实，申报材料为取得现职称后完成。", []),
        ("现就报送2016年度全省林业系列高级职称评审材料有关事项通知如下。", []),
    ],
)
def test_materials(text: str, expected: list[str]) -> None:
    check("material", text, *expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "评审工作按照个人申报、单位审核、主管部门审核推荐、评委会评审等程序进行。",
            ["1.个人申报: - | 个人申报", "2.单位审核: - | 单位审核", "3.主管部门审核: - | 主管部门审核推荐", "4.评审: - | 评委会评审"],
        ),
        (
            "申报流程：个人申报→单位审核→人社部门审核→评审委员会评审",
            ["1.个人申报: - | 个人申报", "2.单位审核: - | 单位审核", "3.主管部门审核: - | 人社部门审核", "4.评审: - | 评审委员会评审"],
        ),
        (
            "一、申报程序\n通过个人申报、单位审核等程序。\n（一）个人申报\n申报人员登录“江苏省职称管理系统”（网址：https://zc.example.gov.cn）进行网上申报。\n（二）单位审核\n用人单位对申报材料进行审核。",
            ["1.个人申报: 申报人员 | 进行网上申报 @江苏省职称管理系统", "2.单位审核: 用人单位 | 对申报材料进行审核"],
        ),
        (
            "一、报名流程\n（一）网上报名。考生登录中国人事考试网填写报名信息。\n（二）资格审核。各市人事考试机构对报名信息进行审核。",
            ["1.个人申报: 考生 | 填写报名信息 @中国人事考试网", "2.主管部门审核: 各市人事考试机构 | 对报名信息进行审核"],
        ),
        (
            "用人单位对申报人员基本情况在单位内部进行不少于5个工作日的公示。",
            ["单位公示: 用人单位 | 对申报人员基本情况在单位内部进行不少于5个工作日的公示"],
        ),
        ("各县（市、区）人社局将材料报送至市职称办。", ["材料报送: 各县（市、区）人社局 | 将材料报送至市职称办"]),
        ("评审通过人员可登录河北人社网下载打印电子证书。", ["证书领取: 评审通过人员 | 下载打印电子证书 @河北人社网"]),
        ("申报人员所在单位的账号自行注册。", ["账号注册: - | 申报人员所在单位的账号自行注册"]),
        ("审核未通过退回的，申报人员修改后再次提交。", ["补正: 申报人员 | 修改后再次提交"]),
        (
            "附件1\n个人网上申报操作指南\n1.注册账号。申报人员登录平台，点击“注册”。\n2.填写信息。按要求填写个人信息，点击“保存”。\n3.提交。确认无误后点击“提交”。",
            ["1.账号注册: 申报人员 | 注册账号", "2.信息填写: - | 填写信息", "3.提交: - | 提交"],
        ),
        ("且由2名以上本专业正高级工程师实名推荐。", ["专家推荐: 本专业正高级工程师 | 且由2名以上本专业正高级工程师实名推荐"]),
        (
            "申报人员填写业绩档案和申报信息，提交所在单位审核推荐。",
            ["信息填写: 申报人员 | 填写业绩档案和申报信息", "提交: 申报人员 | 提交所在单位审核推荐"],
        ),
        ("基层单位将申报材料逐级提交至省水利厅职称办公室进行最终审核。", ["材料报送: 基层单位 | 将申报材料逐级提交至省水利厅职称办公室进行最终审核"]),
        ("汇总表和评审表由各市水利局收集，于9月30日前报省水利厅。", ["材料报送: - | 于9月30日前报省水利厅"]),
        ("一般公需科目可登录省专业技术人员继续教育平台在线学习。", ["在线学习: - | 在线学习 @省专业技术人员继续教育平台"]),
        ("学时不足的，可登录省继续教育网补修。", ["补学: - | 补修 @省继续教育网"]),
        ("推荐单位需在“省人事工资管理系统”中完成岗位核定。", ["岗位核定: 推荐单位 | 完成岗位核定 @省人事工资管理系统"]),
        ("请绑定微信，并根据提示进入答辩会场。", ["微信绑定: - | 绑定微信", "面试答辩: - | 根据提示进入答辩会场"]),
        ("申报人按初级每人100元、中级每人300元的标准缴纳评审费。", ["缴费: 申报人 | 按初级每人100元、中级每人300元的标准缴纳评审费"]),
        (
            "附件1\n用人单位网上审核操作办法\n1.资格公示并报送。导出公示表进行公示，确认无异议后，报送所在地主管部门审查。",
            ["1.单位公示: 用人单位 | 资格公示并报送", "1.材料报送: 用人单位 | 报送所在地主管部门审查"],
        ),
        (
            "一、申报流程\n（一）单位审核。审核时间为9月1日至9月10日。用人单位登录系统审核申报材料。",
            ["单位审核: 用人单位 | 审核申报材料"],
        ),
        # near misses
        ("报到后应立即上岗，未按规定时间报到的不予录用。", []),
        ("评审结果公示7个工作日。", []),
        ("考生可在公示之日起3日内提出申诉。", []),
        ("网上缴费截止时间为7月10日。", []),
        ("推荐专家可由所在单位邀请。", []),
        ("一、坚持以德为先的评审理念\n教师应自觉抵制有偿家教，审核从严。", []),
        ("公需科目学习情况计入学时。", []),
        ("公示期间无异议。", []),
        ("（七）面试答辩要求。申报人员须参加面试答辩。", []),
        ("逾期报送至市职称办的不再受理。", []),
        ("证书专业名称打印在证书上。", []),
        ("评价内容包括品德、能力、业绩、贡献。", []),
    ],
)
def test_steps(text: str, expected: list[str]) -> None:
    check("step", text, *expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("网上申报截止时间为9月15日，逾期不再受理。", ["逾期: 逾期 → 不再受理"]),
        ("对弄虚作假的，取消其评审资格，并从次年起3年内不得再次申报。", ["弄虚作假: 弄虚作假 → 取消其评审资格；从次年起3年内不得再次申报"]),
        ("凡伪造学历、业绩的，一经查实，撤销其取得的职称，并通报批评。", ["弄虚作假: 伪造学历、业绩 → 撤销其取得的职称；通报批评"]),
        ("申报材料不完整、不规范的，予以退回。", ["材料不符: 申报材料不完整、不规范 → 予以退回"]),
        ("无故不参加答辩者，视为自动放弃。", ["缺席答辩: 无故不参加答辩 → 视为自动放弃"]),
        ("未按时缴费的，视为放弃申报。", ["逾期: 未按时缴费 → 视为放弃申报"]),
        ("单位审核不严、把关不力的，追究相关人员责任。", ["审核失职: 单位审核不严、把关不力 → 追究相关人员责任"]),
        ("每位专家推荐人数超过2人的，推荐表无效。", ["重复推荐: 每位专家推荐人数超过2人 → 推荐表无效"]),
        ("因个人填写错误造成的后果由申报人自行承担。", ["材料不符: 个人填写错误造成 → 后果由申报人自行承担"]),
        ("填报内容必须真实。否则，后果自负。", ["材料不符: 填报内容必须真实 → 后果自负"]),
        ("请于3月1日前报名（逾期不予受理）。", ["逾期: 逾期 → 不予受理"]),
        ("对认定为雷同试卷的，给予成绩无效的处理。", ["弄虚作假: 认定为雷同试卷 → 给予成绩无效的处理"]),
        ("存在学术不端行为的，实行一票否决，记入诚信档案。", ["弄虚作假: 学术不端行为 → 记入诚信档案"]),
        # near misses
        ("不得凭借相同业绩重复申报。", []),
        ("公务员不得参加专业技术人才职称评审。", []),
        ("严禁弄虚作假。", []),
        ("申报人员应对材料真实性负责。", []),
        ("职称证书不再发放纸质证书。", []),
        ("不符合要求的，点击“退回”并说明理由。", []),
    ],
)
def test_penalties(text: str, expected: list[str]) -> None:
    check("penalty", text, *expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("本省内申报人员无需再提供社保缴纳证明。", ["社保证明"]),
        ("职称外语和计算机应用能力不作为职称评审的必备条件。", ["外语计算机论文"]),
        ("援藏援疆期间可免去当年的继续教育。", ["继续教育"]),
        ("正高级以下人员不要求答辩。", ["面试答辩"]),
        ("对论文不作硬性要求。", ["外语计算机论文"]),
        ("学历信息可自动提取，不再上传学历证书。", ["学历证明"]),
        ("获得国家级奖励的，不受学历、资历限制。", ["学历证明"]),
        ("报考二级笔译时免试《笔译综合能力》科目。", ["《笔译综合能力》科目"]),
        ("已注册的考生无需重复注册。", ["注册"]),
        ("线上提交后不必邮寄纸质材料。", ["纸质材料"]),
        ("博士后出站人员免于参加面试。", ["面试答辩"]),
        ("男满50周岁的人员免试。", ["考试"]),
        ("县以下人员不作要求。", ["其他"]),
        ("系统能够共享的信息，不再要求申报人提供。", ["系统能够共享的信息"]),
        # near misses
        ("上传近期免冠照片。", []),
        ("本次培训免费。", []),
        ("请仔细核对，以免影响评审。", []),
        ("一、部分科目免试条件\n按原规定执行。", []),
        ("逾期不再受理。", []),
        ("需上传“免试审批表”。", []),
        ("如无需遮盖的请单击【否】。", []),
    ],
)
def test_exemptions(text: str, expected: list[str]) -> None:
    check("exemption", text, *expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("联系人：张伟、李娜；联系电话：0571-87051234。", ["联系方式: - | 张伟,李娜 | 0571-87051234 | - | -"]),
        (
            "某市水利局人事处：王强，联系电话：57579864，57579863，邮箱：rsc@example.com。单位地址：绣山路198号407室。",
            ["联系方式: 某市水利局人事处 | 王强 | 57579864,57579863 | rsc@example.com | 绣山路198号407室"],
        ),
        (
            "甲县人社局专技科（人民路1号），电话：2289377；乙县人社局职称办（解放路22号3楼），电话：3013686。",
            ["联系方式: 甲县人社局专技科 | - | 2289377 | - | 人民路1号", "联系方式: 乙县人社局职称办 | - | 3013686 | - | 解放路22号3楼"],
        ),
        (
            "一、受理地点\n甲区人力社保局（甲路1号），联系电话：88881111；\n乙区人力社保局（乙路2号），联系电话：88882222。",
            ["受理点: 甲区人力社保局 | - | 88881111 | - | 甲路1号", "受理点: 乙区人力社保局 | - | 88882222 | - | 乙路2号"],
        ),
        ("系统技术支持：杭州某某软件有限公司，咨询电话：0571-88808880。", ["技术支持: 杭州某某软件有限公司 | - | 0571-88808880 | - | -"]),
        ("如有疑问，请与省农业农村厅人事处联系，联系人：陈刚，电话：025-86263000。", ["联系方式: 省农业农村厅人事处 | 陈刚 | 025-86263000 | - | -"]),
        ("纸质材料送至市会计学会（联系电话：85911746，地址：建设路8号）。", ["受理点: 市会计学会 | - | 85911746 | - | 建设路8号"]),
        ("咨询电话：021-65903795、65903941", ["联系方式: - | - | 021-65903795,65903941 | - | -"]),
        ("联系人：刘老师，手机：13912345678", ["联系方式: - | 刘老师 | 13912345678 | - | -"]),
        ("联系电话：0591-85022807（兼传真）；\n通信地址：华林路76号。", ["联系方式: - | - | 0591-85022807 | - | 华林路76号"]),
        (
            "\t受理单位\t联系人\t联系电话\t地址\n\t甲县住建局\t赵六\t0575-82110001\t甲县大道1号\n\t乙县住建局\t钱七\t0575-86020002\t乙县大道2号",
            ["联系方式: 甲县住建局 | 赵六 | 0575-82110001 | - | 甲县大道1号", "联系方式: 乙县住建局 | 钱七 | 0575-86020002 | - | 乙县大道2号"],
        ),
        ("监督电话：12333", ["联系方式: - | - | 12333 | - | -"]),
        # near misses
        ("监督电话：××××", []),
        ("申报人员须填写联系电话和地址。", []),
        ("面试时间、地点另行通知。", []),
        ("计划选拔400名，其中2023年20231101人。", []),
    ],
)
def test_contacts(text: str, expected: list[str]) -> None:
    check("contact", text, *expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("\t项目\t评分标准\t分值\n\t学历\t博士\t10\n\t论文\t核心期刊\t8", ["学历/博士 10 分", "论文/核心期刊 8 分"]),
        ("\t评分项\t条件\t得分\n\t业绩\t主持省级项目20/项\t\n\t获奖\t一等奖15分\t", ["业绩/主持省级项目 20 分", "获奖/一等奖 15 分"]),
        ("\t评分项\t内容\t得分\n\t附加\t外语2□\t计算机3□", ["附加/外语 2 分", "附加/计算机 3 分"]),
        ("\t评分项\t年限\t得分\n\t工作年限\t6-10年 2分\t11-15年 4分", ["工作年限 6–10 年 → 2 分；11–15 年 → 4 分"]),
        ("\t评分项\t说明\t得分\n\t职业道德\t0~5\t", ["职业道德 ≤ 5 分"]),
        ("\t评分项\t说明\t得分\n\t职业资格\t一级、二级\t\n\t\t10 □ 8 □\t", ["职业资格/一级 10 分", "职业资格/二级 8 分"]),
        ("\t项目\t子项\t满分\n\t能力40\t专业能力\t25\n\t\t管理能力\t15", ["能力 ≤ 40 分", "能力/专业能力 25 分", "能力/管理能力 15 分"]),
        ("\t评分项\t等级\t得分\n\t获奖\t国家级\t省级\n\t\t20 □\t10 □", ["获奖/国家级 20 分", "获奖/省级 10 分"]),
        ("附件1\n量化评分标准\n一、论文\n在核心期刊发表论文的，每篇得5分。", ["论文/在核心期刊发表论文 5 分"]),
        ("附件1\n量化赋分表\n一、获奖\n获省级一等奖计10分，获省级二等奖计8分。", ["获奖/获省级一等奖 10 分", "获奖/获省级二等奖 8 分"]),
        # near misses: numbers to reach, weights, blanks, other tables
        ("\t专业类别\t规定分值\n\t规划设计\t78.4", []),
        ("\t项目\t系数\t得分\n\t能力\t75%\t", []),
        ("\t推荐人1\t推荐人2\t得分\n\t姓名\t\t", []),
        ("自评分须达到80分以上。", []),
        ("\t序号\t专业\n\t1\t岩土工程", []),
    ],
)
def test_scores(text: str, expected: list[str]) -> None:
    check("score", text, *expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("不得凭借相同业绩重复申报。", ["业绩不重复 must_not: 不得凭借相同业绩重复申报"]),
        ("申报人员对填报材料的真实性负责。", ["材料真实 -: 申报人员对填报材料的真实性负责"]),
        ("电子证书与纸质证书具有同等效用。", ["证书效力 -: 电子证书与纸质证书具有同等效用"]),
        ("坚持把品德放在评价首位。", ["评价导向 -: 坚持把品德放在评价首位"]),
        ("考试合格后方可参加评审，考试成绩作为评价指标之一。", ["评审规则 -: 考试成绩作为评价指标之一"]),
        ("事业单位应在核定的岗位结构比例内推荐。", ["评聘结合 must: 事业单位应在核定的岗位结构比例内推荐"]),
        ("职称申报原则上按人事隶属关系进行。", ["隶属关系 in_principle: 职称申报原则上按人事隶属关系进行"]),
        ("转评参照正常申报执行。", ["职称转换 -: 转评参照正常申报执行"]),
        ("上传的材料应清晰、完整。", ["材料质量 must: 上传的材料应清晰、完整"]),
        ("申报人员应参加业务面试，面试成绩有效期为1年。", ["面试答辩 must: 申报人员应参加业务面试"]),
        ("账号由省里统一分配。", ["组织实施 -: 账号由省里统一分配"]),
        (
            "有下列情形之一的，应参加面试：\n1.自评分申报的；\n2.转评的。",
            ["面试答辩 must: 应参加面试"],
        ),
        # near misses: what another rule says in full, leads, headings, explanations
        ("网上申报截止时间为9月15日，逾期不再受理。", []),
        ("评审费每人180元。", []),
        ("一、申报要求\n按规定执行。", ["依据执行 -: 按规定执行"]),
        ("照片用于制作电子证书。", []),
        ("联系电话：0571-87051234。", []),
    ],
)
def test_requirements(text: str, expected: list[str]) -> None:
    check("requirement", text, *expected)


def scoped(rule: Any) -> str:
    return " ".join([rule.subject, *(f"{name}={'/'.join(values)}" for name, values in rule.scope.stated().items())])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # who answers for what: the one who acts goes on through the clauses of a sentence
        (
            "申报人员所在单位对送审材料的真实性、完整性负责，保证其内容清晰、格式规范。",
            ["材料真实 actors=申报人员所在单位", "材料质量 items=送审材料 actors=申报人员所在单位"],
        ),
        ("有关主管部门和中评委账号由省里统一分配。", ["组织实施 items=账号 actors=中评委/主管部门"]),
        ("各区县人社局（职改办）、行业主管部门要认真审核申报人员条件。", ["审核责任 actors=各区县人社局（职改办）/行业主管部门"]),
        ("复印材料均需所在单位人事部门核对原件。", ["审核责任 items=复印材料 actors=所在单位人事部门"]),
        # the thing that is spoken of: shortest behind 的, whole where the noun alone says nothing, a list member by member
        ("申报人员提交的业绩材料要突出代表性，不宜过多过杂。", ["材料质量 items=业绩材料"]),
        ("申报人员注册、填写的所有内容必须真实规范。", ["材料真实 items=注册、填写的所有内容"]),
        ("未刊出的论文不得作为论文成果。", ["材料范围 items=论文"]),
        ("论文须在专业期刊上发表。未刊出的论文不得作为论文成果。", ["材料范围 items=论文", "材料范围 items=未刊出的论文"]),
        ("借调、驻村等可在“工作单位”栏内表述。", ["信息录入 items=借调/驻村"]),
        ("根据隶属单位选择相应的“受理评审委员会”。", ["专业选择 items=受理评审委员会"]),
        ("4.工作简历：指参加工作以来的经历，需按照实际准确填写。", ["信息录入 items=工作简历"]),
        ("填写科研能力、业绩成果时，要注意文字表述。", ["信息录入 items=业绩成果/科研能力"]),
        ("在线签署《承诺保证书》，字迹要求清晰。", ["材料质量 items=承诺保证书"]),
        ("面试成绩作为评审的重要依据之一。", ["评审规则 items=面试成绩"]),
        # whom it is laid on by kind
        ("全市事业单位专业技术人员职称评审应在核定的岗位结构比例内进行。", ["评聘结合 employers=事业单位"]),
        (
            "单位归属按实际选择，省属单位和市属单位工作人员不得选择为县级单位。",
            ["专业选择 items=单位归属", "专业选择 items=单位归属 employers=市属单位/省属单位"],
        ),
        (
            "对于人事关系在我市，但社保在外地的专业技术人员，由社会保险所在单位申报。",
            ["隶属关系 applicants=人事关系在我市，但社保在外地的专业技术人员"],
        ),
        ("甲工班、乙工班毕业生分别按相当于中专、大专学历申报。", ["职称转换 applicants=乙工班毕业生/甲工班毕业生"]),
        ("一、技能人才申报\n符合贯通文件规定条件的，参照正常申报执行。", ["依据执行 routes=技能人才申报"]),
        # near misses: nobody and nothing in particular, no half of a bracket, no label that is a time or a step
        ("各县（市、区）要严格审核把关。", ["审核责任 actors=各县（市、区）"]),
        ("（一）个人申报：7月1日9:00起，申报人要如实填写信息。", ["信息录入 items=信息"]),
        ("评审费收费标准仍按有关文件执行。", ["收费管理 items=评审费收费标准"]),
        ("委托学校须认真审核材料。", ["审核责任 actors=委托学校"]),
        ("申报人员应参加业务面试。", ["面试答辩"]),
        ("上述范围以外的申报材料请勿上传。", ["材料范围"]),
        ("严格遵守评审纪律。", ["纪律"]),
        ("对自治区单位申报人员先进行答辩，请保持手机畅通。", ["面试答辩 employers=自治区单位"]),
    ],
)
def test_whose_and_of_what_a_requirement_is(text: str, expected: list[str]) -> None:
    assert [scoped(rule) for rule in rules(text).rules if rule.kind == "requirement"] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # one sentence, several duties; a clause without a subject of its own goes on with the one before it
        (
            "复印件必须完整、清楚，由所在单位人事部门核对原件，注明验证时间。",
            ["材料质量 must: 复印件必须完整、清楚", "审核责任 must: 由所在单位人事部门核对原件，注明验证时间"],
        ),
        ("语言要精练，切勿列干条。", ["材料质量 must: 语言要精练，切勿列干条"]),
        # what a bracket says is told apart from the clause around it
        ("“本人述职”内容为工作业绩情况（限1000字以内）。", ["信息录入 -: “本人述职”内容为工作业绩情况"]),
        ("提交现任职务聘书（申报当年须在聘）。", ["材料范围 must: 申报当年须在聘"]),
        # the years of a record do not say that it must be good
        ("初级须近1年考核合格。", ["年度考核 must: 初级须近1年考核合格"]),
        ("提供近3年（2017-2019年）的年度考核表。", []),
        # near misses: clauses that lead on, explain, point elsewhere or tell a click
        ("按照评价条件规定，自评分须达到80分以上。", []),
        ("系统会显示需要审核的信息。", []),
        ("申报材料报送要求见附件3。", []),
        ("不符合条件的，点击“不通过”并说明理由。", []),
        ("具体面试安排另行通知。", []),
        ("未满足要求的考生，国家承认学历的毕业证书，以下简称证书。", []),
        # no word of the negative reaches on
        ("收费不得超标，未尽事宜按有关文件执行。", ["收费管理 must_not: 收费不得超标", "依据执行 -: 未尽事宜按有关文件执行"]),
        ("如有自评分申报人员，用人单位须对自评分进行复核。", ["审核责任 must: 用人单位须对自评分进行复核"]),
    ],
)
def test_the_clauses_of_a_requirement(text: str, expected: list[str]) -> None:
    check("requirement", text, *expected)


def test_a_duty_said_again_is_one_more_quote_and_another_duty_a_rule_of_its_own() -> None:
    text = (
        "一、材料要求\n业绩材料要突出代表性，不宜过多过杂。\n公示情况在填写审核意见时录入系统。\n"
        "二、操作办法\n公示情况由单位录入申报平台。\n复印件要清晰。"
    )
    found = [(scoped(r), len(r.evidence)) for r in rules(text).rules if r.kind == "requirement"]
    assert found == [("材料质量 items=业绩材料", 1), ("信息录入 items=公示情况", 2), ("材料质量 items=复印件", 1)]


MANUAL = """附件1
用人单位审核操作办法
1.业绩档案审核。点击“业绩档案审核”，查看业绩详情并审核。
2.申报资格审核。点击“资格审核”，查看申报信息并审核。
3.报送。完成后报送主管部门。"""
FILLING = """附件1
申报人员操作指南
1.完善个人信息。申报人员登录平台，填写基本信息和业绩档案。
2.填写申报信息。按要求填报各项申报信息。
（1）若选择“转评”，需在选择项打钩；
（2）技能人才申报选择“正常申报”。"""


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        (MANUAL, ["单位审核@item=业绩档案", "单位审核@item=申报资格", "材料报送"]),
        ("各单位将材料报送至市职称办。\n" + MANUAL, ["材料报送", "单位审核@item=业绩档案", "单位审核@item=申报资格", "材料报送@actor=用人单位"]),
        (FILLING, ["信息填写@item=业绩档案,基本信息", "信息填写@item=申报信息", "信息填写@route=转评", "信息填写@route=技能人才申报"]),
        ("请绑定微信。\n参加答辩的人员须检查是否完成微信绑定。", ["微信绑定", "微信绑定@applicant=参加答辩的人员"]),
        ("申报人员将材料报送至市职称办。\n评审表由县水利局收集，统一报送至市水利局。", ["材料报送", "材料报送@item=评审表"]),
        ("全市事业单位人员应在岗位比例内推荐。推荐单位需在“人事管理系统”中完成岗位核定。", ["岗位核定@employer=事业单位"]),
        ("申报人员不具备规定学历，但自评分达到90分，且由2名专家推荐，可申报高级工程师。", ["专家推荐@level=副高级;route=自评分申报"]),
        ("不具备规定学历的人员，须由2名专家推荐。", ["专家推荐@applicant=不具备规定学历"]),
        # said again it is one step
        ("各单位应公示5个工作日。\n用人单位须在本单位公示。", ["单位公示"]),
        ("各县将材料报送至市职称办。\n各县须将材料报送至市职称办。", ["材料报送"]),
    ],
)
def test_steps_of_one_subject_are_told_apart(text: str, keys: list[str]) -> None:
    assert [rule.key.removeprefix("step/") for rule in rules(text).rules if rule.kind == "step"] == keys


def test_a_notice_put_up_by_an_employer_is_theirs_beside_the_step_of_all() -> None:
    text = (
        "一、单位审核\n各单位对申报人员在本单位公示5个工作日。\n"
        "二、评聘结合要求\n全市事业单位专业技术人员职称评审应在核定的岗位结构比例内进行，并在单位内公示。"
    )
    found = rules(text)
    assert [r.subject for r in found.rules if r.kind == "step" and "公示" in r.subject] == ["单位公示"]
    assert [scoped(r) for r in found.rules if r.kind == "requirement"] == ["评聘结合 employers=事业单位", "单位公示 employers=事业单位"]


def test_a_quote_that_runs_over_a_bracket_says_nothing_of_what_stands_in_it() -> None:
    found = rules("今年起申报人员需先在“某省职称申报服务系统”完善个人信息（申报初定的人员，继续使用某市职称网上申报系统）。")
    assert [e.quote for r in found.rules if r.kind == "requirement" for e in r.evidence] == ["继续使用某市职称网上申报系统"]


def test_many_duties_and_a_sentence_without_end_cost_no_more_than_their_length() -> None:
    many = "一、要求\n" + "\n".join(f"申报人员应认真填写第{i}项材料，材料要清晰。" for i in range(300))
    found = [r for r in rules(many).rules if r.kind == "requirement"]
    assert len(found) == 301  # the quality of the material is one duty, said 300 times
    assert max(len(r.evidence) for r in found) == 300
    (one,) = [r for r in rules("一、要求\n" + "申报人员应认真填写材料，" * 500).rules if r.kind == "requirement"]
    assert one.subject == "信息录入"


def test_a_list_under_a_requirement_is_its_condition() -> None:
    (found,) = [
        r for r in rules("一、面试要求\n有下列情形之一的，应参加面试：\n1.自评分申报的；\n2.材料不全但承诺补交的。").rules if r.kind == "requirement"
    ]
    assert [e.quote for e in found.evidence if e.role == "condition"] == ["自评分申报的", "材料不全但承诺补交的"]


def test_a_requirement_quotes_only_clauses_that_no_other_rule_quotes() -> None:
    found = rules("每年继续教育应达到90学时，学时证明须如实上传，不得借用他人学时。")
    quotes = {kind: [e.quote for rule in found.rules if rule.kind == kind for e in rule.evidence] for kind in ("threshold", "requirement")}
    assert quotes["threshold"] == ["达到90学时"]
    assert all("90学时" not in quote for quote in quotes["requirement"])


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("户籍不在本省的申报人员，须提供居住证复印件。", "material/居住证@applicant=户籍不在本省的申报人员"),
        ("事业单位申报人员须上传岗位信息表。", "material/岗位信息表@employer=事业单位"),
        ("上传岗位信息表（适用于企业人员）、身份证扫描件。", "material/岗位信息表@employer=企业"),
        ("集体项目须提供本人系主要贡献者依据。", "material/本人系主要贡献者依据@item=集体项目"),
        ("若论文或著作已正式发表，可将刊物封面寄送至市职称办。", "material/刊物封面@item=著作,论文"),
        ("著作情况：指公开出版的著作，需上传佐证材料。", "material/佐证材料@item=著作"),
        ("参加援疆期间，需上传考核证明。", "material/考核证明@applicant=参加援疆"),
        ("转任企业满3年，可申报高级工程师，需上传任职文件。", "material/任职文件@level=副高级"),
        ("无获奖证书的需单位出具证明材料。", "material/证明材料@applicant=无获奖证书"),
        # near misses: everybody, who only passes it on, and a state that all may be in
        ("申报2023年度高级职称的人员须上传身份证扫描件。", "material/身份证@level=高级"),
        ("各位申报人员须上传身份证扫描件。", "material/身份证"),
        ("单位经办人员须提交身份证复印件。", "material/身份证"),
        ("审核通过的人员须提交身份证复印件。", "material/身份证"),
    ],
)
def test_whom_and_what_a_material_is_for(text: str, key: str) -> None:
    assert key in [rule.key for rule in rules(text).rules if rule.kind == "material"]


def test_a_material_keeps_the_condition_that_stands_before_it() -> None:
    found = {
        rule.subject: rule.condition for rule in rules("若社保记录不完整的，需提供养老保险证明，并上传劳动合同。").rules if rule.kind == "material"
    }
    assert {name: condition and condition.unread() for name, condition in found.items()} == {
        "养老保险证明": ("社保记录不完整",),
        "劳动合同": ("社保记录不完整",),
    }
    (plain,) = [rule for rule in rules("申报人员应按要求，上传身份证扫描件。").rules if rule.kind == "material"]
    assert plain.condition is None


def test_materials_named_twice_are_one_rule_with_two_quotes() -> None:
    (found,) = [r for r in rules("申报人员须上传《岗位信息表》。\n填写《岗位信息表》一式2份，报送市人社局。").rules if r.kind == "material"]
    assert [e.quote for e in found.evidence] == ["《岗位信息表》", "《岗位信息表》"]
    assert found.copies == "2"  # type: ignore[union-attr]


# -- the ledger


def ledger(text: str) -> list[tuple[str, bool, str | None]]:
    found = rules(text)
    return [("".join(found.text[s.start : s.end].split())[:12], bool(s.covered_by), s.reason) for s in found.statements]


def test_every_statement_has_rules_or_a_reason() -> None:
    text = "一、申报要求\n申报人员应参加面试。\n二、联系方式\n联系电话：0571-87051234。\n附件：1.评审表\n某市人力资源和社会保障局\n2023年8月2日"
    assert ledger(text) == [
        ("关于做好2023年度职称", False, "title"),
        ("各有关单位：", False, "greeting"),
        ("现将有关事项通知如下：", False, "preamble"),
        ("一、申报要求", False, "heading"),
        ("申报人员应参加面试", True, None),
        ("二、联系方式", False, "heading"),
        ("联系电话：0571-87", True, "contact"),
        ("附件：1.评审表", False, "annex-list"),
        ("某市人力资源和社会保障局", False, "imprint"),
        ("2023年8月2日", True, "imprint"),
    ]


def test_the_cells_of_a_row_are_one_statement() -> None:
    found = rules("\t姓名\t单位\t职称\n\t\t\t")
    assert [s.reason for s in found.statements if found.text[s.start : s.end].startswith("姓名")] == ["form-field"]


def test_what_a_rule_quotes_binds() -> None:
    found = rules("申报人员应参加面试。")
    assert [(s.normative, bool(s.covered_by)) for s in found.statements if "面试" in found.text[s.start : s.end]] == [(True, True)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # two of one subject are told apart by what they are said of
        (
            "申报材料不符合要求的，后果由个人负责。\n所填写的全部内容必须真实。否则，后果自负。\n对模糊不清的电子材料应退回要求重报。",
            [None, ("所填写的全部内容",), ("电子材料",)],
        ),
        ("终审人员将对材料不完善的予以退回。\n申报材料不符合要求的，不予受理。", [("终审人员",), None]),
        # one alone is not
        ("所填写的全部内容必须真实。否则，后果自负。", [None]),
        # persons are no things
        ("对不符合条件的申报人员应退回材料。\n申报材料不齐全的，不予受理。", [None, None]),
    ],
)
def test_penalties_of_one_subject_are_told_apart(text: str, expected: list[tuple[str, ...] | None]) -> None:
    found = [rule for rule in rules(text).rules if rule.kind == "penalty"]
    assert [rule.scope.items or rule.scope.actors for rule in found] == expected


def test_the_same_penalty_said_again_with_less_is_one() -> None:
    text = "申报材料不符合要求的，不再补充材料，不利影响由个人及单位负责。\n申报材料不符合要求的，不利影响由个人和单位负责。"
    (rule,) = (rule for rule in rules(text).rules if rule.kind == "penalty")
    assert len({evidence.start for evidence in rule.evidence}) > 1


@pytest.mark.parametrize(
    ("text", "scope"),
    [
        ("参加援疆或参加驻村期间可免去当年的继续教育。", {"applicants": ("参加援疆", "参加驻村")}),
        ("15.其他材料：主要指单位出具的材料。此项中的获奖情况可不填。", {"items": ("其他材料",)}),
        ("获奖情况可不填。", {}),
        ("职称外语可免考。", {"items": ("职称外语",)}),
        ("男满50周岁的人员免试。", {"applicants": ("男满50周岁的人员",)}),
    ],
)
def test_who_or_what_is_exempt(text: str, scope: dict[str, tuple[str, ...]]) -> None:
    assert [rule.scope.stated() for rule in rules(text).rules if rule.kind == "exemption"] == [scope]
