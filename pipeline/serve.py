"""The one server: the published rulesets, their pages and the feed; with `review` also the desk where a clerk decides.

`create_app` makes the application, `run` listens. What may come in at all is settled before, in `safety.py`.
"""

import socket
from functools import partial
from importlib.resources import files
from pathlib import Path
from typing import Annotated

from fastapi import FastAPI, HTTPException, Request
from fastapi import Path as FromPath
from fastapi.responses import HTMLResponse, JSONResponse, Response
from pydantic import ValidationError

from pipeline.assess_server import assess_router
from pipeline.batch import CORPUS, OUTPUTS
from pipeline.errors import NoticeError
from pipeline.feed import feed_router
from pipeline.language import Language, say
from pipeline.report.notice_page import policy, render_notice
from pipeline.report.start_page import render_start
from pipeline.safety import Safety, is_loopback
from schemas.ruleset import Ruleset

ENDING = ".ruleset.json"
ASSETS = {
    "desk.css": "text/css",
    "desk.js": "text/javascript",
    "start.css": "text/css",
    "start.js": "text/javascript",
    "notice.css": "text/css",
    "assess.css": "text/css",
}
"""The files of pipeline/report that pages may load."""

Edition = Annotated[str, FromPath(description="series/year, as below the outputs folder")]


def create_app(folder: Path, *, host: str = "127.0.0.1", token: str | None = None, review: bool = False, language: Language = "zh") -> FastAPI:
    """The application over a folder of rulesets (outputs/), or over a corpus/, whose outputs/ lies beside it.

    `host` is the address that will be listened on; beyond the loopback address a token is required. Raises NoticeError where it is missing or the
    folder is none.
    """
    if not is_loopback(host) and not token:
        raise NoticeError("serve.token", host)
    if not folder.is_dir():
        raise NoticeError("serve.folder", str(folder))
    outputs = folder.parent / OUTPUTS if folder.absolute().name == CORPUS else folder
    app = FastAPI(title="noticerules", docs_url=None, redoc_url=None)  # their pages would load scripts from elsewhere
    app.add_middleware(Safety, bound=host, token=token)
    app.add_exception_handler(NoticeError, partial(_told, language))

    @app.get("/", response_class=HTMLResponse, include_in_schema=False)
    def start() -> str:
        """Series and editions."""
        return render_start(_published(outputs), review, language)

    @app.get("/assets/{name}", include_in_schema=False)
    def asset(name: str) -> Response:
        """Style and scripts of the pages."""
        if name not in ASSETS:
            raise HTTPException(404)
        return Response((files("pipeline.report") / name).read_bytes(), media_type=ASSETS[name])

    @app.get("/notices/{edition:path}", response_class=HTMLResponse, include_in_schema=False)
    def notice(edition: Edition) -> HTMLResponse:
        """The page of a published edition."""
        return HTMLResponse(render_notice(load_published(outputs, edition), language), headers={"content-security-policy": policy()})

    app.include_router(feed_router(outputs, language))
    app.include_router(assess_router(outputs, language))
    return app


def address(host: str, port: int, path: str = "/") -> str:
    """Where a browser on this machine finds the server."""
    name = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    return f"http://{f'[{name}]' if ':' in name else name}:{port}{path}"


def run(app: FastAPI, host: str, port: int) -> None:
    """Listen until interrupted. Raises OSError where the address or port cannot be had."""
    import uvicorn

    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.create_server((host, port), family=family) as listening:  # here, not in uvicorn, which would leave the process with a log line
        uvicorn.Server(uvicorn.Config(app, log_level="warning", server_header=False)).run(sockets=[listening])


def _published(outputs: Path) -> list[str]:
    """series/year of every ruleset below the folder, in order."""
    found = (path.relative_to(outputs).as_posix().removesuffix(ENDING) for path in outputs.rglob(f"*{ENDING}"))
    return sorted(name for name in found if not any(part.startswith(".") for part in name.split("/")))


def load_published(outputs: Path, edition: str) -> Ruleset:
    """The published ruleset of an edition; 404 where there is none, whatever the name tries to reach."""
    if edition not in _published(outputs):  # the name is only ever compared, never made a path of
        raise HTTPException(404)
    path = outputs / f"{edition}{ENDING}"
    try:
        return Ruleset.from_json(path.read_bytes())
    except ValidationError as error:
        raise NoticeError("serve.ruleset", str(path)) from error


async def _told(language: Language, request: Request, error: Exception) -> JSONResponse:
    """An input that cannot be used, told as the command line tells it."""
    assert isinstance(error, NoticeError)
    return JSONResponse({"code": error.code, "message": f"{Path(error.file).name}: {say(error.code, language, **error.details)}"}, status_code=422)
