"""The server of the page: Solara's, on this machine, with nothing from the network and no door for other sites."""

import atexit
import os
import shutil
import socket
import sys
import tempfile
import warnings
from collections.abc import Awaitable, Callable, MutableMapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from experiments.app.place import PLACE
from sim.language import Language, say
from sim.scenario.text.errors import DayroomError

LOOPBACK: Final = ("127.0.0.1", "localhost", "::1")
"""Hosts that only this machine reaches."""
MOST_MESSAGE: Final = 8_000_000
"""Most bytes of a message from the browser: the files that it may send, written as text."""
_SETTINGS: Final = {
    "SOLARA_APP": "experiments.app.page",
    "SOLARA_TELEMETRY_MIXPANEL_ENABLE": "false",
    "SOLARA_ASSETS_PROXY": "true",
    "SOLARA_ASSETS_EXTRA_LOCATIONS": "experiments.app.assets",
    "SOLARA_ASSETS_FONTAWESOME_ENABLED": "false",
    "SOLARA_THEME_TITLE": "Dayroom",
    "SOLARA_THEME_LOADER": "plain",
    "SOLARA_THEME_SHOW_BANNER": "false",
    "SOLARA_MODE": "production",
    "SOLARA_SESSION_HTTP_ONLY": "true",
    "SOLARA_KERNEL_CULL_TIMEOUT": "2m",
    "SOLARA_KERNEL_MAX_COUNT": "50",
}
_POLICY: Final = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self' blob:; object-src 'none'; base-uri 'self'; "
    "form-action 'none'; frame-ancestors 'none'"
)
"""What the browser may load: only what this server gives. Solara writes scripts into its page, hence the exceptions."""
_HEADERS: Final = (
    (b"content-security-policy", _POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
)

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Scope]]
Send = Callable[[Scope], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]


class ServerError(DayroomError):
    """The page cannot be served."""


class Guard:
    """Refuse requests from pages of other sites, and on a loopback address those under another name.

    Any site that the reader visits can send requests to this machine: the browser states its origin, and a name that
    leads here by a trick of the DNS is no name of this machine.
    """

    def __init__(self, inner: Application, hosts: tuple[str, ...]) -> None:
        self.inner = inner
        self.hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse it."""
        if scope["type"] not in ("http", "websocket"):
            await self.inner(scope, receive, send)
        elif self._refuses(scope):
            await _refuse(scope, send)
        else:
            await self.inner(scope, receive, _with_headers(send))

    def _refuses(self, scope: Scope) -> bool:
        headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
        host, origin = headers.get(b"host", ""), headers.get(b"origin")
        if self.hosts and (urlsplit(f"//{host}").hostname or "") not in self.hosts:
            return True
        return (origin is not None and urlsplit(origin).netloc != host) or str(scope["path"]).startswith("/resourcez")


async def _refuse(scope: Scope, send: Send) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008})
        return
    await send({"type": "http.response.start", "status": 403, "headers": [(b"content-type", b"text/plain")]})
    await send({"type": "http.response.body", "body": b"refused"})


def _with_headers(send: Send) -> Send:
    async def sent(message: Scope) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": [*message.get("headers", ()), *_HEADERS]}
        await send(message)

    return sent


def application(folder: Path, hosts: tuple[str, ...]) -> Application:
    """Return the application; Solara keeps its own files in `folder`.

    Raises
    ------
    ServerError
        When the package of the browser side is not installed.
    """
    kept = {"SOLARA_HOME": str(folder), "IPYTHONDIR": str(folder / "ipython")}  # Solara's kernels are those of IPython
    os.environ.update(_SETTINGS | kept)  # read when Solara is imported
    try:
        from solara.server import settings as of_solara
        from solara.server import starlette
    except ModuleNotFoundError as missing:
        raise ServerError(say("the page needs further packages: pip install 'dayroom[page]'")) from missing
    from starlette.applications import Starlette
    from starlette.responses import FileResponse, Response
    from starlette.routing import Mount, Route
    from starlette.staticfiles import StaticFiles

    browser = of_solara.assets.proxy_cache_dir
    if not (browser / "requirejs@2.3.6").is_dir():
        raise ServerError(say("the page needs further packages: pip install 'dayroom[page]'"))
    # In front of Solara's own route, which would fetch from the network what is not there.
    local = Mount("/_solara/cdn", app=StaticFiles(directory=browser))
    letters = chinese_font()
    # A compressed typeface is hardly smaller, and to compress it takes seconds: it says that it is encoded already.
    plain = {"content-encoding": "identity", "cache-control": "max-age=604800"}

    async def page(request: Any) -> Any:
        answer = await starlette.root(request)
        answer.body = accessible(bytes(answer.body))
        answer.headers["content-length"] = str(len(answer.body))
        return answer

    async def font(_: Any) -> Any:
        return FileResponse(letters, headers=plain) if letters is not None else Response(status_code=404)

    own = [local, Route("/letters.otf", font), Route("/", page)]
    made = Starlette(routes=[*own, *starlette.routes], lifespan=starlette.lifespan, middleware=starlette.middleware)
    return Guard(made, hosts)


def accessible(page: bytes) -> bytes:
    """Return Solara's page with a language, and with leave to enlarge it, from its first moment on."""
    page = page.replace(b"<html>", f'<html lang="{"zh-CN" if PLACE.language == "zh" else "en"}">'.encode(), 1)
    return page.replace(b", maximum-scale=1, user-scalable=no, minimal-ui", b"", 1)


def chinese_font() -> Path | None:
    """Return the file of a typeface with Chinese letters, for machines without; None when it is not installed."""
    package = find_spec("mplfonts")
    file = Path(package.origin).parent / "fonts" / "NotoSansCJKsc-Regular.otf" if package and package.origin else None
    return file if file is not None and file.is_file() else None


def serve(
    host: str = "127.0.0.1", port: int = 8765, folder: Path | None = None, language: Language = Language.en
) -> None:
    """Serve the page until Ctrl-C.

    Parameters
    ----------
    host : str
    port : int
        0 takes a free one.
    folder : Path, optional
        Scenarios in it can be chosen; by default a new folder, which is deleted at the end.
    language : Language
        In which a page begins.

    Raises
    ------
    ServerError
        When the port is taken, or packages are missing.
    """
    own = Path(tempfile.mkdtemp(prefix="dayroom-page-"))
    atexit.register(shutil.rmtree, own, ignore_errors=True)  # after all that Solara and IPython do at the end
    PLACE.folder, PLACE.language = folder or own, language
    is_alone = host in LOOPBACK
    app = application(own, LOOPBACK if is_alone else ())
    with _listening(host, port) as listener:
        if not is_alone:
            open_to = say("everybody who reaches {host} can use this page; there is no password", host=host)
            print(say("warning: {what}", what=open_to), file=sys.stderr)
        _run(app, listener, host)


def _listening(host: str, port: int) -> socket.socket:
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host, port), family=family)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise ServerError(say("{host}:{port} cannot be used: {reason}", host=host, port=port, reason=reason)) from None


def _run(app: Application, listener: socket.socket, host: str) -> None:
    import uvicorn

    from experiments.runs.executors import warm_up
    from sim.kernel import is_warm

    if not is_warm():
        print(say("compiling the model: once, a minute"), flush=True)
    warm_up()
    name = f"[{host}]" if ":" in host else host
    print(
        say("Dayroom is at http://{name}:{port}/ (Ctrl-C ends it)", name=name, port=listener.getsockname()[1]),
        flush=True,
    )
    # Solara advises on pages inside other pages, which the policy above forbids.
    warnings.filterwarnings("ignore", "Cookies with samesite=none", UserWarning)
    config = uvicorn.Config(app, log_level="error", ws_max_size=MOST_MESSAGE, timeout_graceful_shutdown=2)
    uvicorn.Server(config).run(sockets=[listener])
