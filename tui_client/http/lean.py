"""httpx's Request and Response with their costly parts made when somebody asks: a replay builds thousands a second.

httpx parses a URL and normalises every header on construction, a third of what a whole exchange costs. The transport
reads neither: it takes the rows and the target as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import httpx

from tui_client.model.exchange import RawHeader


class LeanRequest(httpx.Request):
    """A request of given header rows; `url` and `headers` are made on first use, and may be changed as any."""

    def __init__(
        self,
        method: str,
        url: Callable[[], httpx.URL],
        rows: Sequence[RawHeader],
        stream: httpx.AsyncByteStream,
        extensions: dict[str, Any],
    ) -> None:
        # Not super().__init__: it does all that is put off here, and writes the method in capitals.
        self.method = method
        self.stream = stream
        self.extensions = extensions
        self._make_url = url
        self._rows = rows
        self._url: httpx.URL | None = None
        self._headers: httpx.Headers | None = None

    @property
    def url(self) -> httpx.URL:
        """Where it goes."""
        if self._url is None:
            self._url = self._make_url()
        return self._url

    @url.setter
    def url(self, value: httpx.URL) -> None:
        self._url = value

    @property
    def headers(self) -> httpx.Headers:
        """Its rows; an auth flow may add to them."""
        if self._headers is None:
            self._headers = httpx.Headers(list(self._rows))
        return self._headers

    @headers.setter
    def headers(self, value: httpx.Headers) -> None:
        self._headers = value

    @property
    def rows(self) -> Sequence[RawHeader]:
        """The header rows as they are now."""
        return self._rows if self._headers is None else self._headers.raw

    def __repr__(self) -> str:
        # Not its URL: making that may fail.
        return f"<LeanRequest({self.method!r})>"


class LeanResponse(httpx.Response):
    """A reply of given header rows; `headers` are made on first use."""

    def __init__(
        self, status: int, rows: Sequence[RawHeader], stream: httpx.AsyncByteStream, extensions: dict[str, Any]
    ) -> None:
        # Not super().__init__: it parses all headers. These are the attributes that httpx's methods read.
        self.status_code = status
        self.stream = stream
        self.extensions = extensions
        self.rows = rows
        self.history = []
        self.next_request = None
        self.is_closed = False
        self.is_stream_consumed = False
        self.default_encoding = "utf-8"
        self._request = None
        self._num_bytes_downloaded = 0
        self._headers: httpx.Headers | None = None

    async def aclose(self) -> None:
        """Let go of the body."""
        if not self.is_closed:
            self.is_closed = True
            if isinstance(self.stream, httpx.AsyncByteStream):
                await self.stream.aclose()

    @property
    def headers(self) -> httpx.Headers:
        """Its rows."""
        if self._headers is None:
            self._headers = httpx.Headers(list(self.rows))
        return self._headers

    @headers.setter
    def headers(self, value: httpx.Headers) -> None:
        self._headers = value


def request_rows(request: httpx.Request) -> Sequence[RawHeader]:
    """The header rows of any request."""
    return request.rows if isinstance(request, LeanRequest) else request.headers.raw


def response_rows(response: httpx.Response) -> Sequence[RawHeader]:
    """The header rows of any response."""
    return response.rows if isinstance(response, LeanResponse) else response.headers.raw
