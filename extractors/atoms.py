"""Named pieces of patterns, on folded text. Each is a group of its own, so that it can be repeated and followed by anything."""

from extractors.numerals import HAN_DIGIT, HAN_NUMERAL

HAN = r"\p{Han}"
S = r"[ \t]?"  # a space that a layout may have put anywhere
# bounded, and never begun inside a run: a page of 一一一一 costs no more than other text
HAN_NUMBER = rf"(?<![{HAN_NUMERAL}])[{HAN_NUMERAL}][{HAN_NUMERAL}万亿]{{0,14}}(?:点[{HAN_DIGIT}]{{1,6}})?"  # 二十七, 两, 三点五
ARABIC = r"(?<![\d.])(?<!\d,)\d{1,12}(?:,\d{3}){0,4}(?:\.\d{1,8})?(?:[ ]?[万亿](?!元?户))?"  # 90, 1,200, 65.5, 15万
NUMBER = rf"(?:{ARABIC}|{HAN_NUMBER})"
FIGURE, LAST_FIGURE = rf"[\d{HAN_NUMERAL}]", rf"[\d{HAN_NUMERAL}万亿]"  # what a number begins and ends with

# -- dates: 2023年, 2 021年, 二〇二三年; 8月; 5日, 5号
YEAR = r"(?:(?<!\d)(?:1[ ]?9|2[ ]?0)[ ]?\d[ ]?\d|[一二][〇零OoОΟ0一二三四五六七八九]{3})"
YEAR_N = rf"(?P<year>{YEAR})[ ]?年度?"
MONTH = r"(?:0?[1-9]|1[ ]?[0-2]|[正一二三四五六七八九十]|十[一二])"
DAY = r"(?:[0-2]?[1-9]|[1-3][ ]?0|[1-2][ ]?[0-9]|3[ ]?[01]|[一二三四五六七八九十]|[一二]?十[一二三四五六七八九]|[二三]十|三十一|廿[一二三四五六七八九]?)"
CLOCK = r"(?:[01]?\d|2[0-4])"
MINUTE = r"[0-5]\d"
TO = r"(?:至|到|-{1,2}|~|—|起至|起到|起-)"  # 至, —, ～, －

# -- document numbers: 浙人社发〔2019〕31号, （2008）185号, 〔2018 } 10号
OPEN_YEAR, CLOSE_YEAR = r"[〔(〈]", r"[〕)〉]"

# -- articles: 第五条第一、二、四、五、六款, 第五条第（三）款, 第八条第三款或第十一条
HAN_OR_DIGIT = rf"(?:[{HAN_NUMERAL}]+|\d+)"
ITEM = rf"\(?{HAN_OR_DIGIT}\)?"
CLAUSE = rf"第?{ITEM}(?:[、,]第?{ITEM})*[款项]"
ARTICLE = rf"第{HAN_OR_DIGIT}(?:[、,]{HAN_OR_DIGIT})*条(?:{S}第{CLAUSE[2:]}(?:{S}第{ITEM}项)?)?"
ARTICLES = rf"(?:第[{HAN_NUMERAL}]{{1,3}}章{S})?{ARTICLE}(?:(?:[、,]|和|及|或|以及|、?第){S}(?:{ARTICLE}))*"
