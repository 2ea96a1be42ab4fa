"""Driving the flow of an auth kind, so that each of its round trips is seen and kept."""

from __future__ import annotations

from typing import Final, Protocol, TypeVar

import httpx

from tui_client.errors import Failure, FailureKind, RequestFailed
from tui_client.kinds.auth._kind import AuthContext, AuthKind

MOST_ROUNDS: Final = 8
_ENCODING_HEADERS: Final = frozenset({b"content-encoding", b"content-length", b"transfer-encoding"})

R = TypeVar("R")


class RoundTrips(Protocol[R]):
    """What a flow needs done: the engine's side of the conversation."""

    async def open(self, made: httpx.Request) -> R:
        """Send a request, and come back with the head of its reply."""

    async def answer(self, reply: R) -> httpx.Response:
        """What the flow gets to see of a reply: its body only for requests of the flow's own."""

    async def leave(self, reply: R) -> None:
        """Put a reply among the hops, since another request follows."""


async def through_auth(kind: AuthKind, context: AuthContext, made: httpx.Request, trips: RoundTrips[R]) -> R:
    """Send `made` as its auth kind wants it; the reply to its last sending.

    Raises RequestFailed (auth.failed), and what the flow and the round trips raise.
    """
    flow = kind.flow(context).async_auth_flow(made)
    try:
        current = await anext(flow)
        for _ in range(MOST_ROUNDS):
            reply = await trips.open(current)
            try:
                following = await flow.asend(await trips.answer(reply))
            except StopAsyncIteration:
                if current is made:
                    return reply
                raise _failed(current, "the flow ended without sending the request") from None
            except RequestFailed:
                if current is not made:
                    await trips.leave(reply)
                raise
            await trips.leave(reply)
            current = following
        raise _failed(current, f"more than {MOST_ROUNDS} round trips")
    finally:
        await flow.aclose()


def as_answer(made: httpx.Request, response: httpx.Response, body: bytes = b"") -> httpx.Response:
    """A whole reply for a flow: its status and headers, and a body that is decoded already."""
    headers = [row for row in response.headers.raw if row[0].lower() not in _ENCODING_HEADERS]
    return httpx.Response(response.status_code, headers=headers, content=body, request=made)


def _failed(made: httpx.Request, detail: str) -> RequestFailed:
    return RequestFailed(Failure(FailureKind.AUTH_FAILED, subject=made.url.netloc.decode("ascii"), detail=detail))
