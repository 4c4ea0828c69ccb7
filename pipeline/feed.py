"""The feed: rulesets for other programs over HTTP. Read only; what it answers is what lies below the folder at that moment.

Every answer has an ETag, and a request that brings it (If-None-Match) is answered with 304 and no body. `feed_router` is mounted by `pipeline.serve`.
"""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Body, Header, HTTPException, Query, Response
from fastapi import Path as FromPath
from pydantic import Field

from pipeline.assess import assess
from pipeline.changes import compare_editions
from pipeline.errors import NoticeError
from pipeline.export.formats import FORMATS, format_named
from pipeline.facts import checked_facts
from pipeline.language import Language, say
from pipeline.published import Published, digest, editions
from schemas import contract
from schemas.assessment import Assessment
from schemas.base import Frozen
from schemas.changes import Changes
from schemas.ruleset import Rule, Ruleset

MOST = 500


class Entry(Frozen):
    """One edition in the list."""

    series: str
    edition: str
    title: str | None
    document_number: str | None
    issuers: tuple[str, ...]
    issued_on: str | None
    cycle: int | None
    schema_version: str
    sha256: str = Field(description="Of the ruleset's bytes; its ETag")
    rules: int
    findings: int
    href: str


class Listing(Frozen):
    total: int
    items: tuple[Entry, ...]
    unreadable: tuple[str, ...] = Field((), description="Files below the folder that are no ruleset")


class Stating(Frozen):
    """A rule and the edition that states it. A uid is of series and key, so that it finds the same rule in every year."""

    series: str
    edition: str
    rule: Rule


class Problem(Frozen):
    detail: str


Series = Annotated[str, FromPath(description="The folder of the series", min_length=1)]
Edition = Annotated[str, FromPath(description="The year, with -2, -3 … for further editions of a year", min_length=1)]
Held = Annotated[str | None, Header(alias="If-None-Match", description="ETag of the answer that the client has")]
_TOLD: dict[int | str, dict[str, Any]] = {
    304: {"description": "The client has this answer already"},
    404: {"model": Problem, "description": "There is no such thing"},
}
_REFUSED: dict[int | str, dict[str, Any]] = {400: {"model": Problem, "description": "What was sent cannot be used; `detail` says why"}}


def feed_router(folder: Path, language: Language = "zh") -> APIRouter:
    """The feed over the rulesets below a folder. `language` is that of messages and of words that are made for people."""
    router = APIRouter(prefix="/feed", tags=["feed"])

    def edition_of(series: str, edition: str) -> Published:
        found = editions(folder).get(f"{series}/{edition}")  # the name is only ever looked up, never made a path of
        if found is None:
            raise HTTPException(404, f"{series}/{edition}")
        return found

    def loaded(published: Published) -> Ruleset:
        try:
            return published.load()
        except (NoticeError, OSError):
            raise HTTPException(404, f"{published.name}: {say('serve.ruleset', language)}") from None

    @router.get("/rulesets", response_model=Listing, responses={304: _TOLD[304]}, summary="The editions, by series and cycle")
    def rulesets(
        if_none_match: Held = None,
        series: Annotated[str | None, Query(description="Only this series")] = None,
        cycle: Annotated[int | None, Query(description="Only this year")] = None,
        offset: Annotated[int, Query(ge=0)] = 0,
        limit: Annotated[int, Query(ge=1, le=MOST)] = MOST,
    ) -> Response:
        entries, unreadable = [], []
        for published in editions(folder).values():
            try:
                entries.append(_entry(published))
            except (NoticeError, OSError):
                unreadable.append(published.name)
        wanted = [entry for entry in entries if series in (None, entry.series) and cycle in (None, entry.cycle)]
        listing = Listing(total=len(wanted), items=tuple(wanted[offset : offset + limit]), unreadable=tuple(unreadable))
        return _answer(listing.model_dump_json().encode(), if_none_match)

    @router.get("/rulesets/{series:path}/{edition}", response_model=Ruleset, responses=_TOLD, summary="One edition, as it lies in the folder")
    def ruleset(series: Series, edition: Edition, if_none_match: Held = None) -> Response:
        published = edition_of(series, edition)
        loaded(published)
        return _answer(published.data(), if_none_match)

    @router.get("/rules/{uid}", response_model=list[Stating], responses=_TOLD, summary="A rule by its uid, in every edition that states it")
    def rule(uid: Annotated[str, FromPath(pattern="^[0-9a-f]{16}$")], if_none_match: Held = None) -> Response:
        found = []
        for published in editions(folder).values():
            try:
                stated = published.load().rules
            except (NoticeError, OSError):
                continue
            found += [Stating(series=published.series, edition=published.edition, rule=one) for one in stated if one.uid == uid]
        if not found:
            raise HTTPException(404, uid)
        return _answer(_json([one.model_dump(mode="json", by_alias=True) for one in found]), if_none_match)

    @router.get("/changes/{series:path}/{old}/{new}", response_model=Changes, responses=_TOLD, summary="What changed from one edition to another")
    def changes(series: Series, old: Edition, new: Edition, if_none_match: Held = None) -> Response:
        found = compare_editions(loaded(edition_of(series, old)), loaded(edition_of(series, new)))
        return _answer(found.to_json().encode(), if_none_match)

    @router.get(
        "/exports/{format}/{series:path}/{edition}",
        responses={200: {"content": {name: {} for name in _types()}}, **_TOLD},
        summary="In another format",
    )
    def export(
        format: Annotated[str, FromPath(pattern=f"^({'|'.join(form.name for form in FORMATS)})$")],
        series: Series,
        edition: Edition,
        if_none_match: Held = None,
    ) -> Response:
        form = format_named(format)
        assert form is not None, "the path names formats only"
        return _answer(form.render(loaded(edition_of(series, edition)), language), if_none_match, form.media_type)

    @router.post(
        "/assess/{series:path}/{edition}", response_model=Assessment, responses={404: _TOLD[404], **_REFUSED}, summary="May this person apply?"
    )
    def assessment(series: Series, edition: Edition, facts: Annotated[dict[str, Any], Body(description="See /feed/schemas/facts")]) -> Response:
        try:
            found = assess(loaded(edition_of(series, edition)), checked_facts(facts, "facts"), language)
        except NoticeError as error:
            raise HTTPException(400, str(error)) from None
        return Response(found.model_dump_json(by_alias=True), media_type="application/json")

    @router.get("/schemas/{name}", responses=_TOLD, summary="JSON Schema (2020-12)")
    def schema(name: Annotated[str, FromPath(description=", ".join(contract.SCHEMAS))], if_none_match: Held = None) -> dict[str, Any]:
        if name not in contract.SCHEMAS:
            raise HTTPException(404, name)
        return _answer(_json(contract.schema(name)), if_none_match)  # type: ignore[return-value]  # the annotation is for the OpenAPI

    return router


def _types() -> Iterable[str]:
    return dict.fromkeys(form.media_type.partition(";")[0] for form in FORMATS)


def _entry(published: Published) -> Entry:
    ruleset, data = published.load(), published.data()
    notice = ruleset.notice
    return Entry(
        series=published.series,
        edition=published.edition,
        title=notice.title,
        document_number=notice.document_number,
        issuers=notice.issuers,
        issued_on=notice.issued_on,
        cycle=notice.cycle,
        schema_version=ruleset.schema_version,
        sha256=digest(data),
        rules=len(ruleset.rules),
        findings=len(ruleset.findings),
        href=f"/feed/rulesets/{published.name}",
    )


def _json(content: object) -> bytes:
    return json.dumps(content, ensure_ascii=False).encode()


def _answer(data: bytes, held: str | None, media_type: str = "application/json") -> Response:
    """The bytes with their ETag, or 304 where the client has them."""
    tag = f'"{digest(data)}"'
    headers = {"etag": tag, "cache-control": "no-cache"}
    if held is not None and (held.strip() == "*" or tag in (one.strip().removeprefix("W/") for one in held.split(","))):
        return Response(status_code=304, headers=headers)
    return Response(data, media_type=media_type, headers=headers)
