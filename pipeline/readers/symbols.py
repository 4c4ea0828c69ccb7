"""What the characters of Windows' symbol fonts look like: font and code → the Unicode character that shows the same."""

import re

# Only marks that notices and forms use: check boxes, ticks, bullets, circled numbers, arrows, comparison signs, Greek letters.
_WINGDINGS = (
    dict(zip(range(0x80, 0x8B), "⓪①②③④⑤⑥⑦⑧⑨⑩", strict=True))
    | dict(zip(range(0x8B, 0x96), "⓿❶❷❸❹❺❻❼❽❾❿", strict=True))
    | {0x21: "✏", 0x22: "✂", 0x28: "☎", 0x2A: "✉", 0x2B: "✉", 0x3F: "✍", 0x45: "☜", 0x46: "☞", 0x47: "☝", 0x48: "☟", 0x4A: "☺", 0x52: "☼"}
    | {0x6C: "●", 0x6D: "○", 0x6E: "■", 0x6F: "☐", 0x70: "☐", 0x71: "☐", 0x72: "☐", 0x73: "◆", 0x74: "◆", 0x75: "◆", 0x76: "❖", 0x77: "◆"}
    | {0x78: "☒", 0x9E: "·", 0x9F: "•", 0xA1: "○", 0xA6: "○", 0xA7: "▪", 0xA8: "☐", 0xAA: "✦", 0xAB: "★", 0xB2: "☆"}
    | {0xD5: "⌫", 0xD8: "➢", 0xDC: "➲", 0xDF: "←", 0xE0: "→", 0xE1: "↑", 0xE2: "↓", 0xE7: "←", 0xE8: "→", 0xE9: "↑", 0xEA: "↓"}
    | {0xEF: "⇦", 0xF0: "⇨", 0xF1: "⇧", 0xF2: "⇩", 0xFB: "✗", 0xFC: "✓", 0xFD: "☒", 0xFE: "☑"}
)
_WINGDINGS_2 = (
    dict(zip(range(0x69, 0x74), "⓪①②③④⑤⑥⑦⑧⑨⑩", strict=True))
    | dict(zip(range(0x74, 0x7F), "⓿❶❷❸❹❺❻❼❽❾❿", strict=True))
    | {0x4F: "✗", 0x50: "✓", 0x51: "☒", 0x52: "☑", 0x53: "☒", 0x54: "☒", 0x97: "●", 0x98: "●", 0x99: "○"}
    | {0xA1: "■", 0xA2: "■", 0xA3: "☐", 0xA4: "☐", 0xA5: "☐", 0xAE: "◆", 0xB2: "◇", 0xF8: "※"}
)
_WEBDINGS = {0x61: "✓", 0x63: "☐", 0x67: "■", 0x6E: "●", 0x72: "☒", 0x34: "▶", 0x33: "◀", 0x35: "▲", 0x36: "▼"}
_SYMBOL = (
    dict(zip(range(0x41, 0x5B), "ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ", strict=True))
    | dict(zip(range(0x61, 0x7B), "αβχδεφγηιϕκλμνοπθρστυϖωξψζ", strict=True))
    | {0x20: " ", 0x25: "%", 0x28: "(", 0x29: ")", 0x2B: "+", 0x2C: ",", 0x2D: "−", 0x2E: ".", 0x2F: "/", 0x3A: ":", 0x3B: ";"}
    | {0x30 + digit: str(digit) for digit in range(10)}
    | {0x3C: "<", 0x3D: "=", 0x3E: ">", 0x7E: "~", 0xA3: "≤", 0xA5: "∞", 0xAB: "↔", 0xAC: "←", 0xAD: "↑", 0xAE: "→", 0xAF: "↓"}
    | {0xB0: "°", 0xB1: "±", 0xB2: "″", 0xB3: "≥", 0xB4: "×", 0xB6: "∂", 0xB7: "•", 0xB8: "÷", 0xB9: "≠", 0xBA: "≡", 0xBB: "≈", 0xBC: "…"}
    | {0xC5: "⊕", 0xCE: "∈", 0xD0: "∠", 0xD5: "∏", 0xD6: "√", 0xD7: "⋅", 0xDB: "⇔", 0xDC: "⇐", 0xDE: "⇒", 0xE0: "◊", 0xE5: "∑", 0xF2: "∫"}
)
_FONTS = {"wingdings": _WINGDINGS, "wingdings 2": _WINGDINGS_2, "webdings": _WEBDINGS, "symbol": _SYMBOL}
_PRIVATE = 0xF000  # where Windows keeps the 256 characters of a symbol font


def is_symbol_font(font: str) -> bool:
    return font.lower() in _FONTS


def look(font: str, code: int) -> str:
    """The character that code 0xF020–0xF0FF (or 0x20–0xFF) of a symbol font shows; the code's own character where nothing better is known."""
    low = code - _PRIVATE if _PRIVATE <= code <= _PRIVATE + 0xFF else code
    shown = _FONTS.get(font.lower(), {}).get(low)
    return shown or (chr(code) if 0x20 <= code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF else "")


def unveil(text: str, font: str) -> str:
    """A text set in a symbol font, as it looks."""
    return "".join(look(font, ord(character)) for character in text)


def as_bullet(text: str, font: str) -> str:
    """A list's bullet as it looks; • for a private character of an unknown font."""
    if text == "o" and font == "Courier New":  # Word's own hollow bullet
        return "○"
    return re.sub("[\ue000-\uf8ff]", "•", unveil(text, font))
