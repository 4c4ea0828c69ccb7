"""What stands before every request to the server: who may ask, from which page, with how many bytes; and what the browser may do with the answer.

A server on the loopback address is reachable by every page that the browser has open. Host is checked against DNS rebinding, Origin against
posts of other sites; beyond the loopback address nobody gets in without the token.
"""

import hmac
import ipaddress
import re
import socket
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

ASGIApp = Callable[[MutableMapping[str, Any], Any, Any], Awaitable[None]]

_HOST = re.compile(r"(?:\[(?P<figures>[0-9A-Fa-f:.]+)\]|(?P<name>[^:/?#\[\]@\s]+))(?::\d+)?")
COOKIE = "noticerules_token"
LOOPBACK = frozenset(["localhost", "127.0.0.1", "::1"])
MAX_BODY = 64 * 2**20
"""Bytes of a request: a notice with its annexes, not a film."""

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-cache",
}
"""Set on every answer that does not bring its own."""


def is_loopback(host: str) -> bool:
    """Is the address one that other machines cannot reach?"""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def host_allowed(header: str, bound: str) -> bool:
    """May a request name this host? The loopback names, the address that is listened on, this machine's own name; on all addresses also any address in
    figures, for no foreign name can stand for one."""
    found = _HOST.fullmatch(header)
    if found is None:
        return False
    name = (found["figures"] or found["name"]).lower()
    if name in LOOPBACK or name == bound.lower():
        return True
    if is_loopback(bound):
        return False
    if name in (socket.gethostname().lower(), socket.getfqdn().lower()):
        return True
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return bound in ("0.0.0.0", "::")


def origin_allowed(headers: dict[str, str]) -> bool:
    """Does the request come from a page of this server, or from no page at all?"""
    origin = headers.get("origin")
    if origin is not None:
        return urlsplit(origin).netloc.lower() == headers.get("host", "").lower()
    return headers.get("sec-fetch-site", "none") in ("none", "same-origin")


class _TooLarge(Exception):
    """More bytes came than a request may have."""


@dataclass(frozen=True)
class Safety:
    """ASGI middleware. `bound` is the address that is listened on; with a `token` every request must bring it, once as `?token=` or always as Bearer."""

    app: ASGIApp
    bound: str = "127.0.0.1"
    token: str | None = None
    max_body: int = MAX_BODY

    async def __call__(self, scope: MutableMapping[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        if scope["type"] != "http":  # no web sockets here
            return
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        refusal = self._refusal(scope, headers)
        if refusal:
            await _answer(send, *refusal)
            return
        started, taken = False, 0

        async def guarded_send(message: MutableMapping[str, Any]) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                if taken > self.max_body:
                    message["status"] = 413  # whatever a handler made of the body that was cut off
                own = {name.lower() for name, _ in message["headers"]}
                extra = [(n.encode(), v.encode()) for n, v in HEADERS.items() if n.encode() not in own]
                message["headers"] = [*message["headers"], *extra]
            await send(message)

        async def bounded_receive() -> Any:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > self.max_body:
                raise _TooLarge
            return message

        try:
            await self.app(scope, bounded_receive, guarded_send)
        except _TooLarge:
            if not started:
                await _answer(send, 413, "too large")

    def _refusal(self, scope: MutableMapping[str, Any], headers: dict[str, str]) -> tuple[int, str, dict[str, str]] | None:
        """Status, words and headers of the refusal; None for a request that may pass."""
        if not host_allowed(headers.get("host", ""), self.bound):
            return 421, "unknown host", {}
        reading = scope["method"] in ("GET", "HEAD", "OPTIONS")
        if not origin_allowed(headers) and not (reading and "origin" not in headers):  # a link from elsewhere may lead here
            return 403, "foreign origin", {}
        length = headers.get("content-length", "0")
        if length.isdigit() and int(length) > self.max_body:
            return 413, "too large", {}
        if self.token is None or _same(_brought(headers), self.token):
            return None
        query = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
        if scope["method"] == "GET" and _same(dict(query).get("token", ""), self.token):
            rest = urlencode([(name, value) for name, value in query if name != "token"])
            cookie = f"{COOKIE}={quote(self.token, safe='')}; Path=/; HttpOnly; SameSite=Strict"
            place = "/" + quote(scope["path"].lstrip("/\\"))  # never another host: //elsewhere is one
            return 303, "", {"location": place + (f"?{rest}" if rest else ""), "set-cookie": cookie}
        return 401, "token required", {"www-authenticate": "Bearer"}


def _same(brought: str, token: str) -> bool:
    return hmac.compare_digest(brought.encode(), token.encode())


def _brought(headers: dict[str, str]) -> str:
    """The token that a request brings, as Bearer or as the cookie that the first visit set."""
    kind, _, token = headers.get("authorization", "").partition(" ")
    if kind.lower() == "bearer":
        return token.strip()
    try:
        cookie = SimpleCookie(headers.get("cookie", "")).get(COOKIE)
    except CookieError:
        return ""
    return unquote(cookie.value) if cookie else ""


async def _answer(send: Any, status: int, words: str, headers: dict[str, str] | None = None) -> None:
    fields = {**HEADERS, "content-type": "text/plain; charset=utf-8", **(headers or {})}
    await send({"type": "http.response.start", "status": status, "headers": [(n.encode(), v.encode("latin-1")) for n, v in fields.items()]})
    await send({"type": "http.response.body", "body": words.encode()})
