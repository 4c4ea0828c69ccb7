"""Which lines of a saved web page are the notice, and which are the site around it.

What this module knows: the notice is where the prose is; its title stands above it and is the page's title; its attachments stand below it.
Site furniture is lists of links, what is named so (nav, footer, share, 当前位置 …), and what the system prints around an article (发布时间,
浏览次数, 上一篇, 责任编辑). A page without furniture, such as Word saves, is kept whole.
"""

import re
from collections.abc import Callable, Iterator, Sequence

from lxml.etree import _Element as Element

from pipeline.readers.html_text import Item, Line, words

_SPARSE = 4  # lines of furniture: a page with fewer, and with none that is named so, has no site around it
_MAIN = 0.6  # of the page's prose: the notice is the smallest element that holds so much
_FEW = 0.3  # of the page's text: an element that holds more is no furniture, whatever its name
_SHORT = 60  # characters: what a system prints around an article is no longer

_TAGS = frozenset(["nav", "footer", "aside", "form"])
_ROLES = frozenset(["navigation", "banner", "contentinfo", "search", "complementary", "dialog"])
_NAMES = words(
    "nav navbar navigation menu sidebar sidemenu sidenav side foot footer copyright breadcrumb breadcrumbs crumb crumbs position"
    " location dqwz weizhi share bdshare bdsharebuttonbox jiathis social related relate relates recommend tuijian search login toolbar"
    " tools print qrcode ewm erweima comment comments pager pagination prev next prevnext banner topbar toplink friendlink friendlinks"
    " yqlj modal popup advert header head top logo lang"
)
_WORD = re.compile(r"[A-Z]?[a-z]+")
_AROUND = re.compile(  # what systems print around an article
    r"\s*[【\[（(]?\s*(?:"
    r"当前位置|您?(?:现在|当前)?的?所在位置|您的位置|首页\s*[>»＞/]"
    r"|(?:发布|发表|更新|录入|添加|创建|发稿|公开)(?:时间|日期|人|者|单位|机构)|(?:时间|日期)\s*[：:]\s*\d{4}[-/.年]\d|(?:信息|文章|稿件|内容)?(?:来源|作者|出处)\s*[：:]|文章来源"
    r"|(?:浏览|点击|阅读|访问)(?:次数|量|数|人数)?\s*[：:（(\d]|人气\s*[：:]|字体(?:大小)?\s*[：:\[【（(]|字号\s*[：:]|视力保护色|[【\[]?\s*(?:大\s*中\s*小|小\s*中\s*大)\s*[】\]]?$"
    r"|打印(?:正文|本页|文章|页面|此页)?\s*(?:[】\]|关]|$)|关闭(?:窗口|本页|页面)?\s*(?:[】\]]|$)|收藏(?:本页|本文)?\s*(?:[】\]]|$)|分享(?:到|至|本文)?\s*[：:]?\s*(?:[】\]]|$|微信|微博|QQ)"
    r"|扫一扫|扫码|(?:用)?手机(?:查看|浏览|扫)|(?:上|下)一(?:篇|条|页|个)|返回(?:顶部|首页|列表|上页|上一页)|责任编辑|(?:网站|编辑|审核|校对)(?:编辑|审核|校对)?\s*[：:]"
    r"|相关(?:链接|阅读|新闻|文章|信息|文档|稿件|推荐|解读|政策|附件)?\s*[：:]?$|(?:推荐|延伸|热门)(?:阅读|文章|新闻|信息)|友情链接|网站(?:地图|导航|首页|标识码|声明)|联系我们$|关于我们$"
    r"|版权声明|(?:主办|承办|技术支持|维护)(?:单位)?\s*[：:]|政府网站(?:标识码|找错)|建议使用|无障碍|长者"
    r"|\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?\s*(?:\d{1,2}:\d{2}(?::\d{2})?)?\s*(?:$(?<!日)|.{0,20}(?:来源|作者|浏览|点击|阅读|字体|字号|打印))|\W*$"
    r"|打印字体|字号$|[【\[]?(?:内容)?纠错|评论\s*(?:$|[（(]\d)|我(?:要|来)(?:纠错|评论|跟帖)|举报$|今天是|欢迎(?:您|访问|光临)|设为首页|加入收藏|用户登录|退出登录|简体|繁体|English$|收起$|展开$|查看更多|更多\s*[>»]*$"
    r")",
    re.IGNORECASE,
)
_IMPRINT = re.compile(r"版权所有|ICP备\d|公网安备|Copyright\s*(?:©|\(c\)|\d)|All Rights Reserved", re.IGNORECASE)
_AFTER = re.compile(
    r"\s*[【\[（(]?\s*(?:(?:上|下)一(?:篇|条)|相关(?:链接|阅读|新闻|文章|信息|文档|稿件|推荐)|打印(?:正文|本页)|关闭窗口|分享到|扫一扫|责任编辑|版权所有|主办(?:单位)?\s*[：:])"
)
_NUMBER = re.compile(r"(?:发文字号|公文字号|文\s*号)\s*[：:]?\s*(\S{2,20}?[〔\[［（(]\s*\d{4}\s*[〕\]］）)]\s*第?\s*\d{1,5}\s*号)")
_PROSE = re.compile("[，。；：、！？]")
_HAN = re.compile(r"[\u3400-\u9fff]")


def notice_of(items: Sequence[Item], root: Element) -> list[Item]:
    """The items of a page that are the notice, in order; all of them where the page has no site around it."""
    page = _Page(items, root)
    if not page.is_site():
        return list(items)
    core = page.core()
    title = page.title_above(core)
    article = page.widened(core if title is None else _common(page.elements[title], core))
    inside, held = set(article.iter()), set(core.iter())
    chosen = [index for index, element in enumerate(page.elements) if element in inside and (title is None or index >= title)]
    body = [index for index in chosen if page.elements[index] in held]
    kept = [index for index in chosen if index in (title, *page.number_line(chosen)) or _is_kept(page, index, body)]
    return [page.items[index] for index in _trimmed(page, kept, title)] or list(items)


class _Page:
    """The items of a page, the elements that hold them, and what can be said of each."""

    def __init__(self, items: Sequence[Item], root: Element) -> None:
        self.items, self.root = items, root
        self.elements = [item.element for item in items]
        self.texts = [_text(item) for item in items]
        self._titles = [_bare(text) for text in _page_titles(root)]
        sizes = self._summed([len(text) for text in self.texts])
        self._named = self._furniture_elements(sizes)
        self.furniture = [self.is_named(index) or self.looks_like_furniture(index) for index in range(len(items))]

    def is_site(self) -> bool:
        """Whether there is a site around the notice."""
        return sum(self.furniture) >= _SPARSE or any(element in self._named for element in self.elements)

    def core(self) -> Element:
        """The element that holds the notice's body: the smallest with most of the prose, then whatever around it adds none of the site."""
        weights = self._summed([0 if self.furniture[index] else _weight(text) for index, text in enumerate(self.texts)])
        whole = weights.get(self.root, 0)
        element = self.root
        while whole:
            heaviest = max(element, key=lambda child: weights.get(child, 0), default=None)
            if heaviest is None or weights.get(heaviest, 0) < _MAIN * whole:
                break
            element = heaviest
        system = self._summed([len(text) if self.furniture[i] and not self._is_lone_link(i) else 0 for i, text in enumerate(self.texts)])
        return self._grown(element, lambda parent, inner, added: system.get(parent, 0) == system.get(inner, 0) and added[1] <= added[0])

    def widened(self, element: Element) -> Element:
        """The element, or what holds it, as long as that adds no more of the site than of the notice."""
        return self._grown(element, lambda parent, inner, added: added[1] <= added[0])

    def _grown(self, element: Element, may: Callable[[Element, Element, tuple[int, int]], bool]) -> Element:
        """The element or one above it: `may` judges each step by the parent, the element and how much text (plain, furniture) it adds."""
        plain = self._summed([0 if self.furniture[index] else len(text) for index, text in enumerate(self.texts)])
        other = self._summed([len(text) if self.furniture[index] else 0 for index, text in enumerate(self.texts)])
        while (parent := element.getparent()) is not None and element is not self.root:
            added = plain.get(parent, 0) - plain.get(element, 0), other.get(parent, 0) - other.get(element, 0)
            if not may(parent, element, added):
                break
            element = parent
        return element

    def _is_lone_link(self, index: int) -> bool:
        """Whether an item is a link among other text, as notices print addresses."""
        around = self.items[max(index - 1, 0) : index + 2]
        return self.elements[index] not in self._named and _is_link(self.items[index]) and sum(_is_link(item) for item in around) == 1

    def title_above(self, main: Element) -> int | None:
        """The index of the line that prints the page's title above the body, unless the body prints it itself."""
        inside = set(main.iter())
        first = next((index for index, element in enumerate(self.elements) if element in inside), 0)
        opening = _bare("".join(self.texts[first : first + 8]))
        for index in range(first - 1, -1, -1):
            item, text = self.items[index], _bare(self.texts[index])
            if isinstance(item, Line) and not _is_link(item) and len(text) >= 6 and any(_names(text, title) for title in self._titles):
                return None if text in opening else index
        return None

    def number_line(self, chosen: Sequence[int]) -> Iterator[int]:
        """The index of the line of the site's index card that states the document's number, where the notice itself does not."""
        words = "".join(_bare(self.texts[index]) for index in chosen if not self.furniture[index])
        for index in chosen:
            match = _NUMBER.search(self.texts[index].replace("\t", " "))
            if match and isinstance(self.items[index], Line) and _bare(match[1]) not in words:
                yield index
                return

    def is_named(self, index: int) -> bool:
        return self.elements[index] in self._named

    def looks_like_furniture(self, index: int) -> bool:
        """Whether an item is furniture by what it says, wherever it stands."""
        text = self.texts[index]
        return _is_link(self.items[index]) or (len(text) <= 3 * _SHORT and (_AROUND.match(text) is not None or _IMPRINT.search(text) is not None))

    def _summed(self, values: Sequence[int]) -> dict[Element, int]:
        """By element: the sum of the values of the items in it."""
        sums: dict[Element, int] = {}
        for element, value in zip(self.elements, values, strict=True):
            sums[element] = sums.get(element, 0) + value
        for element in reversed([element for element in self.root.iter() if element is not self.root]):
            if element in sums:
                parent = element.getparent()
                if parent is not None:
                    sums[parent] = sums.get(parent, 0) + sums[element]
        return sums

    def _furniture_elements(self, sizes: dict[Element, int]) -> set[Element]:
        """The elements that are named as furniture, and all that they hold, but for those with much of the page's text."""
        whole = max(sizes.get(self.root, 0), 1)
        named: set[Element] = set()
        for element in self.root.iter("*"):
            if element.getparent() in named or (element.tag != "body" and _is_named(element) and sizes.get(element, 0) < _FEW * whole):
                named.add(element)
        return named


def _is_kept(page: _Page, index: int, body: Sequence[int]) -> bool:
    """Whether an item of the article is the notice's: a link in the body may be; outside of it, only to a file."""
    item = page.items[index]
    if body and body[0] <= index <= body[-1]:
        return not (page.is_named(index) and page.looks_like_furniture(index))
    return not page.furniture[index] or (isinstance(item, Line) and item.files and not page.is_named(index))


def _trimmed(page: _Page, kept: Sequence[int], title: int | None) -> list[int]:
    """The items without what the system printed before and behind the article, and without a list of related links."""
    out = list(kept)
    while out and out[-1] != title and page.furniture[out[-1]] and not _files(page.items[out[-1]]) and not _states_address(page, out):
        out.pop()
    start = 0
    while start < len(out) and out[start] != title and page.furniture[out[start]] and not _files(page.items[out[start]]):
        start += 1
    out = out[start:]
    half = len(out) // 2
    for position, index in enumerate(out):
        rest = out[position + 1 :]
        if (
            position > half
            and len(page.texts[index]) <= _SHORT
            and _AFTER.match(page.texts[index])
            and all(page.furniture[i] or len(page.texts[i]) <= _SHORT for i in rest)
        ):
            return out[:position] + [i for i in rest if _files(page.items[i])]
    return out


def _states_address(page: _Page, kept: Sequence[int]) -> bool:
    """Whether the last item is a link that a line before it announces (网址：)."""
    return len(kept) > 1 and page.texts[kept[-2]].rstrip().endswith(("：", ":"))


def _files(item: Item) -> bool:
    return isinstance(item, Line) and item.files


def _is_named(element: Element) -> bool:
    if element.tag in _TAGS or element.get("role", "") in _ROLES:
        return True
    words = f"{element.get('id', '')} {element.get('class', '')}"
    return not _NAMES.isdisjoint(word.lower() for word in _WORD.findall(words)) or not _NAMES.isdisjoint(words.lower().split())


def _is_link(item: Item) -> bool:
    """Whether an item is nothing but links, to pages and not to files."""
    lines = [item] if isinstance(item, Line) else [line for cell in item.cells for line in cell.lines]
    return sum(line.linked for line in lines) * 10 >= 6 * sum(len(line.text) for line in lines) and not any(line.files for line in lines)


def _text(item: Item) -> str:
    if isinstance(item, Line):
        return item.text
    return "\t".join("\n".join(line.text for line in cell.lines) for cell in item.cells)


def _weight(text: str) -> int:
    """How much a text speaks for a notice's body: its Han characters, a fourth of them where it has no punctuation."""
    han = len(_HAN.findall(text))
    return han if _PROSE.search(text) or "\t" in text else han // 4


def _bare(text: str) -> str:
    return "".join(text.split())


def _names(text: str, title: str) -> bool:
    """Whether a line is the page's title, which the site's own name may stand before or behind."""
    return title.startswith(text) or (len(text) >= 10 and text in title) or (len(title) >= 10 and title in text and len(text) < 2 * len(title))


def _page_titles(root: Element) -> Iterator[str]:
    whole = root.getroottree().getroot()
    for meta in whole.iter("meta"):
        if (meta.get("name") or meta.get("property") or "").lower() in ("articletitle", "og:title", "title", "contenttitle"):
            yield meta.get("content", "")
    for title in whole.iter("title"):
        yield title.text or ""


def _common(one: Element, other: Element) -> Element:
    """The smallest element that holds both."""
    above = {one, *one.iterancestors()}
    return next(element for element in (other, *other.iterancestors()) if element in above)
