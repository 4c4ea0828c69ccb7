"""The desk over HTTP: what the page asks for, and the decisions that it sends. Not part of the published feed."""

from dataclasses import fields
from urllib.parse import quote, unquote

from fastapi import APIRouter, Header, HTTPException, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse
from pydantic import BaseModel, ConfigDict
from pydantic.dataclasses import dataclass

from pipeline.language import Language, say
from pipeline.report.ingest_words import ingest_words
from pipeline.report.notice_page import render_desk
from pipeline.review.desk import ReviewError, Wish
from pipeline.review.desks import Desks
from pipeline.review.publish import publish, signoff
from pipeline.review.suggest import suggest

_NAME = 80
"""Characters of a reviewer's name at most."""


@dataclass(frozen=True, config=ConfigDict(extra="forbid"))
class Asked(Wish):
    """A decision as the page sends it. `span` is a stretch of the text that becomes the rule's first quote."""

    span: tuple[int, int] | None = None


class Stretch(BaseModel):
    start: int
    end: int


def desk_router(desks: Desks, reviewer: str, language: Language = "zh") -> APIRouter:
    """The routes of the desk. `reviewer` decides where a page does not say who does."""
    router = APIRouter(include_in_schema=False)

    def here(edition: str) -> str:
        if edition not in desks.names():
            raise HTTPException(404)
        return edition

    def who(name: str | None) -> str:
        told = " ".join(unquote(name or "").split())[:_NAME]
        return told or reviewer

    @router.get("/review/{edition:path}", response_class=HTMLResponse)
    def page(edition: str) -> str:
        with desks.at(here(edition)) as desk:
            return render_desk(desk.extraction.ruleset, f"/api/desk/{edition}", reviewer, language)

    @router.get("/api/desk/{edition:path}/version")
    def version(edition: str) -> dict[str, object]:
        with desks.at(here(edition)) as desk:
            decisions = desk.current()[0].decisions
            return {"version": len(decisions), "who": decisions[-1].who if decisions else ""}

    @router.get("/api/desk/{edition:path}/stage")
    def stage(edition: str) -> dict[str, object]:
        with desks.at(here(edition)) as desk:
            stage = desks.stage(desk)
            return {**stage, "told": say(f"start.state.{stage['stage']}", language, **{name: stage[name] for name in ("done", "total")})}

    @router.post("/api/desk/{edition:path}/decide")
    def decide(edition: str, asked: Asked, x_reviewer: str | None = Header(None)) -> dict[str, object]:
        with desks.at(here(edition)) as desk:
            wish = {field.name: getattr(asked, field.name) for field in fields(Wish)}
            if asked.span is not None:
                words = desk.quote(*asked.span)
                if asked.action == "add" and isinstance(wish["value"], dict):
                    wish["value"]["quotes"] = [words]
                elif asked.action == "fix" and asked.field == "quotes":
                    card = desk.card(asked.uid)
                    held = [] if card is None or card.content is None else list(card.content.quotes)[1:]
                    wish["value"] = [words, *(q.model_dump(exclude_none=True) for q in held)]
            return desks.decide(desk, Wish(**wish), who(x_reviewer))

    @router.post("/api/desk/{edition:path}/suggest")
    def suggestion(edition: str, stretch: Stretch) -> dict[str, object]:
        with desks.at(here(edition)) as desk:
            text = desk.extraction.ruleset.text
            if not 0 <= stretch.start < stretch.end <= len(text):
                raise ReviewError("review.no_quote", edition)
            return suggest(text, stretch.start, stretch.end, desk.extraction.ruleset.notice.cycle)

    @router.post("/api/desk/{edition:path}/publish")
    def publishing(edition: str) -> dict[str, object]:
        with desks.at(here(edition)) as desk:
            return {"files": [path.name for path in publish(desk, language=language)], "signoff": f"/signoff/{edition}"}

    @router.get("/signoff/{edition:path}", response_class=HTMLResponse)
    def sheet(edition: str) -> HTMLResponse:
        from pipeline.review.apply import apply

        with desks.at(here(edition)) as desk:
            text = signoff(desk, apply(desk.current()[1], desk.extraction), language)
        return HTMLResponse(text, headers={"content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"})

    @router.get("/api/desk/{edition:path}")
    def data(edition: str, request: Request) -> dict[str, object]:
        desks.refresh()
        with desks.at(here(edition)) as desk:
            return desks.page_data(desk) | {"reviewer": reviewer}

    @router.post("/api/ingest/propose")
    async def proposal(name: str, request: Request) -> dict[str, object]:
        found = await run_in_threadpool(desks.propose, await request.body(), name)
        notes = [] if found[1].known else [say("ingest.new_series", language)]
        return {"title": found[0].notice.title, "series": found[1].series, "year": found[1].year, "notes": notes}

    @router.post("/api/ingest")
    async def taking_in(name: str, series: str, year: str, request: Request) -> dict[str, object]:
        found = await run_in_threadpool(desks.ingest, await request.body(), name, series, year)
        page = "/review/" + quote(f"{series}/{year}")
        return {"report": ingest_words(found, language), "page": page, "review": say("ingest.review", language)}

    return router
