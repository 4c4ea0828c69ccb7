"""Numbers as notices print them: 90, 1,200, ３, 二十七, 两, 壹佰, 1.5万, 二〇二〇."""

from decimal import Decimal, InvalidOperation

DIGITS = {c: i for i, group in enumerate(("〇零○ＯOoОΟ0", "一壹", "二贰两", "三叁", "四肆", "五伍", "六陆", "七柒", "八捌", "九玖")) for c in group}
"""二O一九, 二0一九: the sign for nought is often typed as a letter or a figure."""
TENS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
MYRIADS = {"万": 10_000, "亿": 100_000_000}

HAN_DIGIT = "〇零○一二两三四五六七八九壹贰叁肆伍陆柒捌玖"
HAN_NUMERAL = HAN_DIGIT + "十百千拾佰仟"


def _below_myriad(text: str) -> int | None:
    """二百零三 → 203, 十二 → 12; positional 二〇二〇 → 2020; null when it is no number."""
    if text and all(c in DIGITS for c in text):
        if len(text) == 2 and not set(text) & set("〇零○"):
            return None  # 一两, 三五: about so many
        return int("".join(str(DIGITS[c]) for c in text))
    total, digit, last = 0, None, 10_000
    for c in text:
        if c in DIGITS:
            if digit:
                return None  # 二三十: about so many
            digit = DIGITS[c]
        elif c in TENS and TENS[c] < last:
            last = TENS[c]
            total += (1 if digit is None else digit) * TENS[c]
            digit = None
        else:
            return None
    return total + (digit or 0)


def parse(text: str) -> Decimal | None:
    """The number that the words mean; null where they mean none. Spaces inside do not count."""
    text = "".join(text.split()).replace(",", "").replace("，", "")
    if not text:
        return None
    for sign, scale in reversed(MYRIADS.items()):
        if sign in text:
            head, _, tail = text.rpartition(sign)
            left, right = parse(head), parse(tail) if tail else Decimal(0)
            return None if left is None or right is None else left * scale + right
    if text[0].isascii() or text[0].isdigit():
        try:
            return Decimal(text)
        except InvalidOperation:
            return None
    whole, point, fraction = text.partition("点")
    number = _below_myriad(whole)
    if number is None:
        return None
    if point:
        if not fraction or any(c not in DIGITS for c in fraction):
            return None
        return Decimal(f"{number}.{''.join(str(DIGITS[c]) for c in fraction)}")
    return Decimal(number)


def plain(number: Decimal) -> str:
    """Decimal string without exponent or idle zeros: 1E+3 → 1000, 90.0 → 90."""
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


_HAN = "零一二三四五六七八九"


def to_han(number: int) -> str:
    """27 → 二十七, for article numbers; 0 < number < 1000."""
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    out = f"{_HAN[hundreds]}百" if hundreds else ""
    if tens:
        out += ("" if tens == 1 and not hundreds else _HAN[tens]) + "十"
    elif hundreds and ones:
        out += "零"
    return out + (_HAN[ones] if ones else "")
