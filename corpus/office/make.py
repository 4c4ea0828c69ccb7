"""Make the DOCX and PDF editions of the notices: `python -m corpus.office.make [series ...]`, from the root of the repository.

Writes corpus/<series>/<year>.docx and prints it to <year>.pdf by LibreOffice (`soffice`, with Noto CJK and the Arphic fonts of Debian:
libreoffice-writer fonts-noto-cjk fonts-arphic-gbsn00lp fonts-arphic-gkai00mp fonts-liberation). A DOCX is the same bytes every time; so is
a PDF on the same releases of LibreOffice and of the fonts.
"""

import argparse
import hashlib
import os
import re
import subprocess
import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

from corpus.office import (
    huzhou_construction_engineer_2020,
    shangyu_junior_engineer_2023,
    shaoxing_ecology_engineer_2022,
    wenzhou_water_engineer_2023,
    xinjiang_water_engineer_2022,
)
from corpus.office.gbt9704 import FANG_SONG, HEI, KAI, LATIN, SONG, SONG_TITLE, Notice

CORPUS = Path(__file__).resolve().parent.parent
NOTICES: dict[str, tuple[str, Callable[[], Notice]]] = {
    "wenzhou-water-engineer": ("2023", wenzhou_water_engineer_2023.compose),
    "xinjiang-water-engineer": ("2022", xinjiang_water_engineer_2022.compose),
    "shaoxing-ecology-engineer": ("2022", shaoxing_ecology_engineer_2022.compose),
    "huzhou-construction-engineer": ("2020", huzhou_construction_engineer_2020.compose),
    "shangyu-junior-engineer": ("2023", shangyu_junior_engineer_2023.compose),
}
PRINT_TIMEOUT = 180  # seconds

# The fonts of GB/T 9704 are not free; these stand in for them in print.
STAND_INS = {
    SONG_TITLE: "Noto Serif CJK SC",
    FANG_SONG: "AR PL SungtiL GB",
    SONG: "AR PL SungtiL GB",
    KAI: "AR PL KaitiM GB",
    HEI: "Noto Sans CJK SC",
    LATIN: "Liberation Serif",
}
FONT_RULE = """<match target="pattern"><test name="family"><string>{font}</string></test>
<edit name="family" mode="assign" binding="strong"><string>{stand_in}</string></edit></match>"""
FONT_RULES = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig><include>/etc/fonts/fonts.conf</include>
{rules}
</fontconfig>
"""


def print_pdf(docx: Path, pdf: Path, issued: date) -> None:
    """Print a DOCX by a LibreOffice with a profile of its own, dated the day of issue."""
    with tempfile.TemporaryDirectory() as scratch:
        fonts = Path(scratch, "fonts.conf")
        rules = "\n".join(FONT_RULE.format(font=font, stand_in=stand_in) for font, stand_in in STAND_INS.items())
        fonts.write_text(FONT_RULES.format(rules=rules), encoding="utf-8")
        profile = Path(scratch, "profile").as_uri()
        command = ["soffice", "--headless", f"-env:UserInstallation={profile}", "--convert-to", "pdf", "--outdir", scratch, str(docx)]
        environment = os.environ | {"FONTCONFIG_FILE": str(fonts), "TZ": "Asia/Shanghai"}
        done = subprocess.run(command, timeout=PRINT_TIMEOUT, env=environment, capture_output=True, text=True, check=False)
        made = Path(scratch, docx.name).with_suffix(".pdf")
        if done.returncode or not made.exists():
            raise SystemExit(f"{docx}: LibreOffice printed no PDF: {done.stderr.strip()}")
        pdf.write_bytes(undate(made.read_bytes(), issued))


def undate(pdf: bytes, issued: date) -> bytes:
    """Put the day of issue for the moment of printing, and a digest of the rest for the random identity, without moving a byte."""
    pdf = re.sub(rb"(?<=/CreationDate\(D:)\d{14}", f"{issued:%Y%m%d}120000".encode(), pdf)
    body, trailer = pdf[: pdf.rindex(b"trailer")], pdf[pdf.rindex(b"trailer") :]
    digest = hashlib.sha256(body).hexdigest()[:32].upper()
    return body + re.sub(rb"(?<=[</])[0-9A-F]{32}(?=[>\s])", digest.encode(), trailer)


def main() -> None:
    parser = argparse.ArgumentParser(description="Make the DOCX and PDF editions of the notices of the corpus.")
    parser.add_argument("series", nargs="*", metavar="series", help=f"which to make (default all): {', '.join(NOTICES)}")
    parser.add_argument("--no-pdf", action="store_true", help="write the DOCX only; needs no LibreOffice")
    arguments = parser.parse_args()
    unknown = [series for series in arguments.series if series not in NOTICES]
    if unknown:
        parser.error(f"no such series: {', '.join(unknown)}; known: {', '.join(NOTICES)}")
    for series in arguments.series or NOTICES:
        year, compose = NOTICES[series]
        docx = CORPUS / series / f"{year}.docx"
        docx.parent.mkdir(exist_ok=True)
        notice = compose()
        notice.save(docx)
        print(docx.relative_to(CORPUS.parent))
        if not arguments.no_pdf:
            print_pdf(docx, docx.with_suffix(".pdf"), notice.issued)
            print(docx.with_suffix(".pdf").relative_to(CORPUS.parent))


if __name__ == "__main__":
    main()
