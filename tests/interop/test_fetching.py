"""Documents fetched from a URL, through the engine that sends everything."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import httpx
import pytest

from tui_client.errors import Failure, FailureKind, NotFetched, RequestFailed
from tui_client.formats._format import Source
from tui_client.http.engine import Engine
from tui_client.interop import fetching
from tui_client.interop.fetching import fetch_source, is_url
from tui_client.model.exchange import Event, HeadReceived

Answer = Callable[[httpx.Request], httpx.Response]
URL = "http://ann:s3cret@shop.example/api/openapi.json?token=hidden#top"


def fetched(answer: Answer, url: str = URL) -> Source:
    """What comes of a URL whose server answers so."""

    async def fetch() -> Source:
        async with Engine(transport=httpx.MockTransport(answer)) as engine:
            return await fetch_source(url, engine)

    return asyncio.run(fetch())


def refusal(answer: Answer, url: str = URL) -> str:
    with pytest.raises(NotFetched) as caught:
        fetched(answer, url)
    assert "s3cret" not in caught.value.reason and "hidden" not in caught.value.reason
    return caught.value.reason


@pytest.mark.parametrize(
    "word", ["http://a/b", "HTTPS://a", "ftp://a", ":8000/openapi.json", "localhost/x", " http://a "]
)
def test_a_url_is_known_by_its_form(word: str) -> None:
    """Also in the short forms that `send` takes."""
    assert is_url(word)


@pytest.mark.parametrize("word", ["-", "", "shop.json", "./a/b", "curl http://a", "http://a b", "~/x", "C:\\x"])
def test_what_is_no_url_is_none(word: str) -> None:
    """Files, folders and pasted commands stay what they are."""
    assert not is_url(word)


def test_one_get_brings_a_source_that_says_where_it_is_from() -> None:
    """User and password are sent, and stand nowhere in the source; neither does the query."""
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, content=b"{}", headers={"Set-Cookie": "a=b"})

    source = fetched(answer)
    assert source == Source("openapi.json", b"{}", url="http://shop.example/api/openapi.json")
    assert [(one.method, one.headers["Authorization"][:6]) for one in seen] == [("GET", "Basic ")]
    assert "application/json" in seen[0].headers["Accept"] and "Cookie" not in seen[0].headers


@pytest.mark.parametrize(
    ("url", "name"),
    [("http://a", "a"), ("http://a:8/", "a:8"), ("http://a/b%20c.yaml", "b c.yaml"), ("http://a/v1/..%2Fx", "x")],
)
def test_the_name_is_the_last_segment_of_the_path(url: str, name: str) -> None:
    """Or the host, where there is none; never a path."""
    assert fetched(lambda request: httpx.Response(200, content=b"{}"), url).name == name


def test_the_place_after_redirects_is_where_it_is_from() -> None:
    """What is relative in the document is relative to that; credentials go to no other host."""
    last: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.host == "shop.example":
            return httpx.Response(302, headers={"Location": "https://files.example/v2/api.yaml"})
        last.append(request)
        return httpx.Response(200, content=b"openapi: 3.1.0")

    source = fetched(answer)
    assert (source.name, source.url) == ("api.yaml", "https://files.example/v2/api.yaml")
    assert "Authorization" not in last[0].headers


def test_a_status_that_is_no_success_is_told() -> None:
    """With what may help: 404 and 401 are the usual ones."""
    words = "http://shop.example/api/openapi.json answered"
    assert refusal(lambda request: httpx.Response(500)) == f"{words} 500."
    assert f"{words} 404. The document itself is often" in refusal(lambda request: httpx.Response(404))
    assert "give the file" in refusal(lambda request: httpx.Response(401))
    assert f"{words} 304" in refusal(lambda request: httpx.Response(304))


def test_a_server_that_is_not_reached_is_told_without_advice_for_collections() -> None:
    """There is no base_url that could be changed."""

    def answer(request: httpx.Request) -> httpx.Response:
        raise RequestFailed(Failure(FailureKind.CONNECT_REFUSED, "shop.example:80"))

    reason = refusal(answer)
    assert reason.startswith("http://shop.example/api/openapi.json could not be fetched. ")
    assert "base_url" not in reason and "is kept" not in reason
    assert refusal(answer, "ftp://ann:s3cret@a/b") == (
        "The URL ftp://a/b can't be used: the scheme ftp is not http or https."
    )


@pytest.mark.parametrize(
    ("page", "hint"),
    [
        ("<html>", "the document itself is often at /openapi.json"),
        ("<HTML><script>ui = SwaggerUIBundle({\n url: '/openapi.json',", "at http://shop.example/openapi.json"),
        ('<!-- x --><script>({"url": "v3\\/spec.yaml"})', "at http://shop.example/api/v3/spec.yaml"),
        (
            "<html><redoc spec-url='https://u:p@other.example/a.json?x=1&amp;y=2'>",
            "at https://other.example/a.json?x=1&y=2",
        ),
        ("<html><script>Redoc.init('spec.json'", "at http://shop.example/api/spec.json"),
        ('<html><a href="/docs/swagger.yaml">', "at http://shop.example/docs/swagger.yaml"),
        ("<html><script>({url: 'javascript:alert(1)'})", "is often at /openapi.json"),
        ("<html><script>({url: 'http://[x'})", "is often at /openapi.json"),
    ],
)
def test_a_page_is_no_document_but_may_name_it(page: str, hint: str) -> None:
    """Pages of Swagger UI, Redoc and others say where it is; it is not fetched by itself."""
    requests: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        requests.append(request)
        return httpx.Response(200, content=f"\ufeff\n <!DOCTYPE html>\n{page}".encode())

    reason = refusal(answer)
    assert reason.startswith("http://shop.example/api/openapi.json is HTML: ") and f"{hint}." in reason
    assert len(requests) == 1


def test_more_than_any_format_needs_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """It ends as soon as it is too much, whatever the server has still to say."""
    monkeypatch.setattr(fetching, "MAX_BYTES", 1 << 20)
    given = 0

    async def endless() -> object:
        nonlocal given
        while True:
            given += 1 << 18
            yield b"x" * (1 << 18)

    reason = refusal(lambda request: httpx.Response(200, content=endless()))  # type: ignore[arg-type]
    assert "is larger than 1 MiB" in reason and given < 8 << 20


def test_a_stream_of_events_is_not_waited_for() -> None:
    """The engine would let it last for as long as its server likes."""

    async def silent() -> object:
        await asyncio.Event().wait()
        yield b""

    answer = httpx.Response(200, headers={"Content-Type": "text/event-stream"}, content=silent())  # type: ignore[arg-type]
    assert "is a stream of events" in refusal(lambda request: answer)


def test_cancelling_the_task_ends_it() -> None:
    """As Ctrl-C and a closed dialog do."""

    async def silent() -> object:
        await asyncio.Event().wait()
        yield b""

    async def fetch() -> None:
        begun = asyncio.Event()
        answer = httpx.Response(200, content=silent())  # type: ignore[arg-type]

        def on_event(event: Event) -> None:
            if isinstance(event, HeadReceived):
                begun.set()

        async with (
            Engine(transport=httpx.MockTransport(lambda request: answer)) as engine,
            asyncio.TaskGroup() as group,
        ):
            task = group.create_task(fetch_source("http://a", engine, on_event=on_event))
            await begun.wait()
            task.cancel()
        assert task.cancelled()

    asyncio.run(fetch())
