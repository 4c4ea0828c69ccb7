"""“May I apply?” at the server: a form with what a notice asks of a person, and the answer above it. Nothing that is filled in is kept."""

from pathlib import Path
from typing import Annotated
from urllib.parse import parse_qs

from fastapi import APIRouter, HTTPException, Request
from fastapi import Path as FromPath
from fastapi.responses import HTMLResponse

from pipeline.assess import assess
from pipeline.errors import NoticeError
from pipeline.facts import read_form
from pipeline.language import Language
from pipeline.published import editions
from pipeline.report.assess_page import render_assess
from pipeline.safety import POLICY
from schemas.ruleset import Ruleset

MAX_FIELDS = 2000
HEADERS = {
    "content-security-policy": POLICY.replace("form-action 'none'", "form-action 'self'"),
    "referrer-policy": "same-origin",  # without it a browser posts the form as from nowhere, which `safety` refuses
    "cache-control": "no-store",
}

Edition = Annotated[str, FromPath(description="series/year, as below the outputs folder")]


def assess_router(folder: Path, language: Language = "zh") -> APIRouter:
    """The page for each ruleset below a folder."""
    router = APIRouter(prefix="/assess", include_in_schema=False)

    def load(name: str) -> Ruleset:
        published = editions(folder).get(name)
        if published is None:
            raise HTTPException(404)
        return published.load()

    @router.get("/{edition:path}", response_class=HTMLResponse)
    def empty(edition: Edition) -> HTMLResponse:
        """The form."""
        ruleset = load(edition)
        return HTMLResponse(render_assess(edition, ruleset, {}, None, language), headers=HEADERS)

    @router.post("/{edition:path}", response_class=HTMLResponse)
    async def answered(edition: Edition, request: Request) -> HTMLResponse:
        """The answer, with the form as it was filled in."""
        ruleset = load(edition)
        try:
            fields = parse_qs((await request.body()).decode(), max_num_fields=MAX_FIELDS)
        except ValueError:
            raise HTTPException(400) from None
        facts, problems = read_form(fields)
        try:
            found = assess(ruleset, facts, language)
        except NoticeError:
            raise HTTPException(400) from None
        return HTMLResponse(render_assess(edition, ruleset, facts, found, language, problems), headers=HEADERS)

    return router
