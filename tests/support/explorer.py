"""One call that prepares a request and sends it with an engine, as a file of a collection would."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from tui_client.http.cancellation import Cancellation
from tui_client.http.cookies import CookieJar
from tui_client.http.engine import Engine, ignore
from tui_client.http.prepare import PreparedRequest, prepare
from tui_client.model.effective import ResolvedRequest
from tui_client.model.exchange import Event, Exchange
from tui_client.model.kinds import Auth, Body
from tui_client.model.options import SendOptions, Timeouts


class Explorer:
    """Prepares and sends, without the environment's proxies and with short limits."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def prepare(
        self,
        url: str,
        method: str = "GET",
        *,
        headers: tuple[tuple[str, str], ...] = (),
        body: Body | None = None,
        auth: Auth | None = None,
        secrets: frozenset[str] = frozenset(),
        **options: Any,
    ) -> PreparedRequest:
        options.setdefault("timeouts", Timeouts(connect=5, read=5, write=5, pool=5, total=20))
        request = ResolvedRequest(
            key="k",
            method=method,
            url=url,
            headers=headers,
            body=body,
            auth=auth,
            secrets=secrets,
            options=SendOptions(**options),
        )
        return prepare(request, Path, environ={})

    async def __call__(
        self,
        url: str,
        method: str = "GET",
        *,
        jar: CookieJar | None = None,
        on_event: Callable[[Event], None] = ignore,
        cancellation: Cancellation | None = None,
        **request: Any,
    ) -> Exchange:
        prepared = self.prepare(url, method, **request)
        return await self.engine.send(prepared, jar, on_event=on_event, cancellation=cancellation)
