"""What httpx raises over HTTP/2 becomes one of our failures, whole and in its place."""

from __future__ import annotations

import httpx
import pytest
import respx

from tui_client.errors import FailureKind, RequestFailed
from tui_client.http.profile import ConnectionProfile
from tui_client.http.transport import Transport

URL = "https://shop.test/users"


async def send(transport: Transport) -> httpx.Response:
    request = httpx.Request("GET", URL, extensions={"profile": ConnectionProfile(http2=True)})
    return await transport.handle_async_request(request)


@pytest.mark.parametrize(
    ("raised", "kind"),
    [
        (httpx.ConnectTimeout("slow"), FailureKind.TIMEOUT_CONNECT),
        (httpx.ReadTimeout("slow"), FailureKind.TIMEOUT_READ),
        (httpx.WriteTimeout("slow"), FailureKind.TIMEOUT_WRITE),
        (httpx.PoolTimeout("full"), FailureKind.TIMEOUT_POOL),
        (httpx.RemoteProtocolError("a frame that is none"), FailureKind.PROTOCOL),
        (httpx.RemoteProtocolError("Server disconnected"), FailureKind.CLOSED_EARLY),
        (httpx.LocalProtocolError("a header that is none"), FailureKind.HEADER_INVALID),
        (httpx.UnsupportedProtocol("gopher"), FailureKind.URL_INVALID),
        (ValueError("what nobody foresaw"), FailureKind.INTERNAL),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else value.value,
)
async def test_every_foreign_error_is_a_failure_of_ours(raised: Exception, kind: FailureKind) -> None:
    """No exception of httpx gets past http/; the failure names the host, and the next request works."""
    transport = Transport()
    with respx.mock() as router:
        route = router.get(URL).mock(side_effect=[raised, httpx.Response(204)])
        with pytest.raises(RequestFailed) as failed:
            await send(transport)
        assert (failed.value.failure.kind, failed.value.failure.subject) == (kind, "shop.test:443")
        assert (await send(transport)).status_code == 204
        assert route.call_count == 2
    await transport.aclose()
