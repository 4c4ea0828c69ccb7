"""The one server: the published rulesets, their pages and the feed; with `review` also the desk where a clerk decides.

`create_app` makes the application, `listen` serves it. What may come in at all is settled before, in `safety.py`.
"""

import getpass
import socket
import threading
import webbrowser
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import partial
from importlib.resources import files
from pathlib import Path
from typing import Annotated

from fastapi import FastAPI, HTTPException, Request
from fastapi import Path as FromPath
from fastapi.responses import HTMLResponse, JSONResponse, Response

from pipeline.assess_server import assess_router
from pipeline.batch import CORPUS, OUTPUTS
from pipeline.errors import NoticeError
from pipeline.feed import feed_router
from pipeline.language import Language, say
from pipeline.published import editions
from pipeline.redline import tokens
from pipeline.report.notice_page import policy, render_notice
from pipeline.report.start_page import render_start
from pipeline.review.desks import Desks
from pipeline.safety import Safety, is_loopback

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


def create_app(
    folder: Path,
    *,
    host: str = "127.0.0.1",
    token: str | None = None,
    review: bool = False,
    reviewer: str = "",
    inputs: Sequence[str] = (),
    language: Language = "zh",
) -> FastAPI:
    """The application over a folder of rulesets (outputs/), or over a corpus/, whose outputs/ lies beside it.

    With `review` the desks of the corpus are open, or those of `inputs` alone where any are named; `reviewer` decides where a page gives no name.
    `host` is the address that will be listened on; beyond the loopback address a token is required. Raises NoticeError where it is missing or the
    folder is none.
    """
    if not is_loopback(host) and not token:
        raise NoticeError("serve.token", host)
    if not folder.is_dir():
        raise NoticeError("serve.folder", str(folder))
    is_corpus = folder.absolute().name == CORPUS
    outputs = folder.parent / OUTPUTS if is_corpus else folder
    corpus = folder if is_corpus else folder.parent / CORPUS
    desks = Desks(corpus if corpus.is_dir() else None, inputs, language) if review else None
    # no docs pages: they would load scripts from elsewhere
    app = FastAPI(title="noticerules", docs_url=None, redoc_url=None, lifespan=_warm if review else None)
    app.add_middleware(Safety, bound=host, token=token)
    app.add_exception_handler(NoticeError, partial(_told, language))

    @app.get("/", response_class=HTMLResponse, include_in_schema=False)
    def start() -> str:
        """Series and editions."""
        if desks is not None:
            desks.refresh()
        published = editions(outputs)
        return render_start(desks.names() if desks else list(published), review, language, published)

    @app.get("/assets/{name}", include_in_schema=False)
    def asset(name: str) -> Response:
        """Style and scripts of the pages."""
        if name not in ASSETS:
            raise HTTPException(404)
        return Response((files("pipeline.report") / name).read_bytes(), media_type=ASSETS[name])

    @app.get("/favicon.ico", include_in_schema=False)
    def icon() -> Response:
        """None; browsers ask all the same."""
        return Response(status_code=204)

    @app.get("/notices/{edition:path}", response_class=HTMLResponse, include_in_schema=False)
    def notice(edition: Edition) -> HTMLResponse:
        """The page of a published edition."""
        published = editions(outputs).get(edition)  # the name is only ever looked up, never made a path of
        if published is None:
            raise HTTPException(404)
        try:
            ruleset = published.load()
        except NoticeError as error:
            raise HTTPException(404, str(error)) from None
        return HTMLResponse(render_notice(ruleset, language), headers={"content-security-policy": policy()})

    app.include_router(feed_router(outputs, language))
    app.include_router(assess_router(outputs, language))
    if desks is not None:
        from pipeline.review.api import desk_router

        app.include_router(desk_router(desks, reviewer or system_user(), language))
    return app


@asynccontextmanager
async def _warm(app: FastAPI) -> AsyncIterator[None]:
    """Load the dictionary of words while the first page is still being read."""
    threading.Thread(target=tokens, args=("词",), daemon=True).start()
    yield


def system_user() -> str:
    """Who is at the machine, for decisions that name nobody."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a system without a name for its user
        return "reviewer"


def address(host: str, port: int, path: str = "/") -> str:
    """Where a browser on this machine finds the server."""
    name = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    return f"http://{f'[{name}]' if ':' in name else name}:{port}{path}"


def listen(app: FastAPI, host: str, port: int, opened: str | None = None) -> None:
    """Listen until interrupted, with the browser at the address `opened`. Raises NoticeError where the address or port cannot be had."""
    import uvicorn

    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listening = socket.create_server((host, port), family=family)  # here, not in uvicorn, which would leave the process with a log line
    except OSError as error:
        raise NoticeError("serve.port", f"{host}:{port}", reason=(error.strerror or "").partition(" (")[0]) from error
    with listening:
        if opened:
            webbrowser.open(opened)  # the socket listens already: the page waits until the server answers
        uvicorn.Server(uvicorn.Config(app, log_level="warning", server_header=False)).run(sockets=[listening])


async def _told(language: Language, request: Request, error: Exception) -> JSONResponse:
    """An input that cannot be used, told as the command line tells it."""
    assert isinstance(error, NoticeError)
    return JSONResponse({"code": error.code, "message": f"{Path(error.file).name}: {say(error.code, language, **error.details)}"}, status_code=422)
