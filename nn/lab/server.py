"""The lab on loopback: the page, and one worker that trains for it.

Only this machine is answered: a request must name a loopback host, and one that comes from a page must come from ours.
A request carries all that it needs, so two tabs never share a network.
"""

import asyncio
import json
import socket
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from nn.lab.page import page
from nn.lab.recording import menu_for, recorded

HOST = "127.0.0.1"
LARGEST = 100_000  # bytes of a request
NAMES = ("data", "units", "hidden", "optimiser", "rate", "steps", "seed")


def application(kept: dict[str, Any], port: int) -> Starlette:
    """The page of the recording `kept`, and `/recording`, which trains another one with numpy."""
    text = page(menu_for(kept), {**kept, "server": True}, "nn lab", connect="'self'")
    worker = ThreadPoolExecutor(1)  # one at a time: a network belongs to one thread

    async def shown(request: Request) -> Response:
        return HTMLResponse(text, headers={"Cache-Control": "no-store", "X-Frame-Options": "DENY"})

    async def alive(request: Request) -> Response:
        return JSONResponse({"ok": True})

    async def train(request: Request) -> Response:
        wanted = await request.body()
        try:
            given = _wanted(wanted)
            made = await asyncio.get_running_loop().run_in_executor(worker, lambda: recorded(**given))
        except (ValueError, TypeError) as error:
            return JSONResponse({"ok": False, "message": str(error)}, 400)
        return JSONResponse({"ok": True, **made})

    routes = [Route("/", shown), Route("/alive", alive), Route("/recording", train, methods=["POST"])]
    return Starlette(routes=routes, middleware=[Middleware(Guard, port=port)])


class Guard:
    """Answer only requests to a loopback name and this port, and of other pages' requests none."""

    def __init__(self, app: ASGIApp, port: int) -> None:
        self.app = app
        self.hosts = {f"{name}:{port}" for name in ("127.0.0.1", "localhost")}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer 403."""
        headers = Headers(scope=scope) if scope["type"] == "http" else Headers()
        origin = headers.get("origin")
        known = headers.get("host") in self.hosts and (not origin or origin.removeprefix("http://") in self.hosts)
        if scope["type"] == "lifespan" or known:
            await self.app(scope, receive, send)
        else:
            await PlainTextResponse("nn lab answers its own page on this machine only", 403)(scope, receive, send)


def listening(port: int) -> socket.socket:
    """A socket on loopback. ValueError where the port is taken or is none."""
    made = socket.socket()
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        made.bind((HOST, port))
        made.listen()  # from now on a request waits until the page is made
    except (OSError, OverflowError) as error:
        made.close()
        raise ValueError(f"port {port} cannot be used ({error}); choose another with --port, 0 for any") from None
    return made


def serve(kept: dict[str, Any], port: int) -> None:
    """Answer until interrupted. The address is printed once the port is ours."""
    with listening(port) as ours:
        number = ours.getsockname()[1]
        print(f"http://{HOST}:{number}/  (Ctrl+C ends it)", flush=True)
        uvicorn.Server(uvicorn.Config(application(kept, number), log_level="warning")).run(sockets=[ours])


def _wanted(body: bytes) -> dict[str, Any]:
    given = json.loads(body) if len(body) <= LARGEST else None
    if not isinstance(given, dict) or not given.keys() <= set(NAMES):
        raise ValueError(f"a recording is an object with {', '.join(NAMES)}")
    return {name: tuple(value) if isinstance(value, list) else value for name, value in given.items()}
