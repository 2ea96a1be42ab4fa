"""Requests as a Python program with httpx, sync or async."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from tui_client.formats._code.call import Call, Grant, Login, calls
from tui_client.formats._code.content import FileContent
from tui_client.formats._code.limits import DEFAULTS, direct, proxy_of, report_options, seconds
from tui_client.formats._code.names import comment, snake_case
from tui_client.formats._code.python import Python, bracketed, indented, quoted
from tui_client.formats._code.text import Variables, literal
from tui_client.formats._format import Exported, Exporter, Item
from tui_client.formats._found import Report

_MOST_NESTED: Final = 3
_SHOW: Final = ("print(response.status_code, response.reason_phrase)", "print(response.text)")


def write_httpx(items: Sequence[Item]) -> Exported:
    """A program that sends the items in their order and prints each reply."""
    return _Writer(items, is_async=False).written()


def write_httpx_async(items: Sequence[Item]) -> Exported:
    """The same with an AsyncClient."""
    return _Writer(items, is_async=True).written()


class _Client:
    """Requests that share a client have the same options of TLS, proxy, protocol and cookies."""

    def __init__(self, name: str, arguments: list[str], setup: list[str]) -> None:
        self.name = name
        self.arguments = arguments
        self.setup = setup


class _Writer:
    def __init__(self, items: Sequence[Item], *, is_async: bool) -> None:
        self.report = Report()
        self.python = Python()
        self.calls = calls(items, Variables(), self.report, keeping=True)
        self.is_async = is_async
        self.wait = "await " if is_async else ""
        self.kind = "httpx.AsyncClient" if is_async else "httpx.Client"
        self.clients: dict[tuple[object, ...], _Client] = {}

    def written(self) -> Exported:
        names = snake_case([call.title for call in self.calls])
        clients = [self._client(call) for call in self.calls]
        if len(self.clients) > 1:
            why = "requests with other options have a client of their own, and cookies stay in it"
            self.report.approximated("all requests", "cookies", why)
        body = self._one(self.calls[0], clients[0]) if len(self.calls) == 1 else self._several(names, clients)
        if self.is_async:
            self.python.need("import asyncio")
        lines = [*self.python.header("import httpx"), *body]
        return Exported("\n".join(lines) + "\n", tuple(self.report.lines))

    def _one(self, call: Call, client: _Client) -> list[str]:
        title = [f"# {comment(call.title)}"] if comment(call.title) else []
        inner = [*self._sending(call, client.name, f"response = {self.wait}"), *_SHOW]
        if not self.is_async:
            return ["", *title, *client.setup, *self._with(inner)]
        return [
            *("", ""),
            *title,
            *("async def main() -> None:", *indented([*client.setup, *self._with(inner)])),
            *("", "", "asyncio.run(main())"),
        ]

    def _several(self, names: list[str], clients: list[_Client]) -> list[str]:
        lines: list[str] = []
        define = "async def" if self.is_async else "def"
        for call, name in zip(self.calls, names, strict=True):
            lines += ["", "", f"{define} {name}(client: {self.kind}) -> httpx.Response:"]
            lines += indented([f"# {comment(call.origin)}", *self._sending(call, "client", f"return {self.wait}")])
        lines += ["", "", "def show(response: httpx.Response) -> None:", *indented(_SHOW)]
        setup = [line for client in self.clients.values() for line in client.setup]
        inner: list[str] = []
        for call, name, client in zip(self.calls, names, clients, strict=True):
            inner += self.python.showing(call, f"{self.wait}{name}({client.name})")
        lines += ["", "", f"{define} main() -> None:", *indented([*setup, *self._with(inner)])]
        run = "asyncio.run(main())" if self.is_async else "main()"
        return [*lines, "", "", 'if __name__ == "__main__":', *indented([run])]

    def _with(self, inner: list[str]) -> list[str]:
        opened = [(f"{bracketed(f'{self.kind}(', each.arguments, ')')}", each.name) for each in self.clients.values()]
        with_ = "async with" if self.is_async else "with"
        if len(opened) > _MOST_NESTED:
            self.python.need("import contextlib")
            kind, enter = ("AsyncExitStack", "async_") if self.is_async else ("ExitStack", "")
            entered = [f"{name} = {self.wait}stack.enter_{enter}context({client})" for client, name in opened]
            return [f"{with_} contextlib.{kind}() as stack:", *indented([*entered, *inner])]
        for client, name in reversed(opened):
            inner = [f"{with_} {client} as {name}:", *indented(inner)]
        return inner

    def _client(self, call: Call) -> _Client:
        options = call.options
        report_options(call, self.report, "httpx", ("total",))
        if options.http2:
            self.report.imported(call.origin, "option: http2", "it needs the extra httpx[http2]")
        proxy = proxy_of(call, self.report)
        trust = (options.verify, options.ca, options.client_cert)
        key = (*trust, proxy, direct(options), options.http2, options.max_redirects, options.cookies or object())
        if key not in self.clients:
            number = len(self.clients) + 1
            suffix = "" if number == 1 else f"_{number}"
            arguments, setup = self._trust(call, f"context{suffix}")
            arguments += [f"proxy={quoted(proxy)}"] if proxy else []
            arguments += ["trust_env=False"] if direct(options) else []
            arguments += ["http2=True"] if options.http2 else []
            if options.max_redirects != DEFAULTS.max_redirects:
                arguments.append(f"max_redirects={options.max_redirects}")
            self.clients[key] = _Client(f"client{suffix}", arguments, setup)
        return self.clients[key]

    def _trust(self, call: Call, name: str) -> tuple[list[str], list[str]]:
        options = call.options
        if not options.ca and not options.client_cert:
            return ([] if options.verify else ["verify=False"]), []
        self.python.need("import ssl")
        setup = [f"{name} = ssl.create_default_context()"]
        if not options.verify:
            setup += [f"{name}.check_hostname = False", f"{name}.verify_mode = ssl.CERT_NONE"]
        if options.ca:
            setup.append(f"{name}.load_verify_locations({self._path(options.ca)})")
        if options.client_cert:
            setup.append(f"{name}.load_cert_chain({self._path(options.client_cert)})")
        return [f"verify={name}"], setup

    def _path(self, path: str) -> str:
        if not path.startswith("~"):
            return quoted(path)
        self.python.need("import os")
        return f"os.path.expanduser({quoted(path)})"

    def _sending(self, call: Call, client: str, lead: str) -> list[str]:
        names, opening = self.python.files(call)
        granting = self._granting(call.grant, call, client) if call.grant else []
        sending = [f"{lead}{bracketed(f'{client}.request(', self._arguments(call, names), ')')}"]
        return [*granting, *([*opening, *indented(sending)] if opening else sending)]

    def _arguments(self, call: Call, names: list[str]) -> list[str]:
        python = self.python
        if call.method != call.method.upper():
            self.report.approximated(call.origin, f"method {call.method}", "httpx writes it in capitals")
        body = python.body(
            call,
            [f"{name}.read()" if name and self._reads(call) else name for name in names],
            raw="content",
            pairs=False,
        )
        headers = call.headers if body and body[0].startswith("data=") else call.all_headers
        rows = [f"({python.text(name)}, {python.header_value(value)})" for name, value in headers]
        arguments = [quoted(call.method), python.text(call.url)]
        arguments += [f"headers={bracketed('[', rows, ']')}"] if rows else []
        arguments += body
        arguments += [f"auth={self._auth(call.login)}"] if call.login else []
        arguments.append(self._timeout(call))
        return [*arguments, *self._route(call)]

    def _reads(self, call: Call) -> bool:
        # An AsyncClient takes files as parts of a form, but not as a whole body.
        return self.is_async and isinstance(call.content, FileContent)

    def _route(self, call: Call) -> list[str]:
        if call.target is None:
            return ["follow_redirects=True"] if call.options.follow_redirects else []
        if literal(call.target) is None:
            self.report.approximated(call.origin, "the exact URL", "httpx may encode signs of it in another way")
            return ["follow_redirects=True"] if call.options.follow_redirects else []
        if call.options.follow_redirects:
            why = "httpx would ask for the same path again, which is written exactly"
            self.report.approximated(call.origin, "option: follow_redirects", why)
        return [f'extensions={{"target": {self.python.bytes(call.target)}}}']

    def _timeout(self, call: Call) -> str:
        limits = call.options.timeouts
        pairs = [f"{name}={seconds(getattr(limits, name))}" for name in ("connect", "read", "write", "pool")]
        return f"timeout=httpx.Timeout({', '.join(pairs)})"

    def _auth(self, login: Login) -> str:
        user, password = self.python.credential(login.user), self.python.credential(login.password)
        return f"httpx.DigestAuth({user}, {password})" if login.digest else f"({user}, {password})"

    def _granting(self, grant: Grant, call: Call, client: str) -> list[str]:
        rows = [f"{self.python.text(name)}: {self.python.text(value)}" for name, value in grant.form]
        arguments = [self.python.text(grant.url), f"data={bracketed('{', rows, '}')}"]
        if grant.client:
            arguments.append(f"auth=({', '.join(map(self.python.text, grant.client))})")
        arguments.append(self._timeout(call))
        asking = bracketed(f"{client}.post(", arguments, ")")
        return [f"granted = {self.wait}{asking}", "granted.raise_for_status()"]


EXPORTERS = (
    Exporter("httpx", "Python httpx", ".py", write_httpx),
    Exporter("httpx-async", "Python httpx (async)", ".py", write_httpx_async),
)
