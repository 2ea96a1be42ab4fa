"""The arguments of a call of the library requests; Locust's client takes the same."""

from __future__ import annotations

from collections.abc import Sequence

from tui_client.formats._code.call import Call, Grant
from tui_client.formats._code.limits import (
    direct,
    merged,
    proxy_of,
    report_options,
    report_repeats,
    report_target,
    seconds,
)
from tui_client.formats._code.python import Python, bracketed, indented, quoted
from tui_client.formats._found import Report


class RequestsWriter:
    """Writes calls of requests. imports: lines for its own names."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.python = Python()
        self.imports: set[str] = set()

    def sending(self, call: Call, function: str, lead: str, *more: str) -> list[str]:
        """The statements that send one request; `more` are further arguments."""
        names, opening = self.python.files(call)
        arguments = [*self._arguments(call, names), *more]
        sending = [f"{lead}{bracketed(f'{function}(', arguments, ')')}"]
        return [*opening, *indented(sending)] if opening else sending

    def granting(self, grant: Grant, call: Call, function: str) -> list[str]:
        """The statements that get an access token."""
        arguments = [self.python.text(grant.url), f"data={bracketed('[', self.python.pairs(grant.form), ']')}"]
        if grant.client:
            arguments.append(f"auth=({', '.join(map(self.python.text, grant.client))})")
        arguments += [self._timeout(call), *self._trust(call)]
        return [f"granted = {bracketed(f'{function}(', arguments, ')')}", "granted.raise_for_status()"]

    def _arguments(self, call: Call, names: Sequence[str]) -> list[str]:
        self._say(call)
        python = self.python
        body = python.body(call, names, raw="data", pairs=True)
        rows = [f"{python.text(name)}: {python.header_value(value)}" for name, value in merged(call.all_headers)]
        arguments = [quoted(call.method), python.text(call.url)]
        arguments += [f"headers={bracketed('{', rows, '}')}"] if rows else []
        arguments += body
        arguments += [self._auth(call)] if call.login else []
        arguments.append(self._timeout(call))
        arguments += [] if call.options.follow_redirects else ["allow_redirects=False"]
        return [*arguments, *self._trust(call), *self._proxy(call)]

    def _say(self, call: Call) -> None:
        report_repeats(call, self.report, "requests")
        report_target(call, self.report, "requests")
        report_options(call, self.report, "requests", ("total", "http2", "cookies"))
        if call.method != call.method.upper():
            self.report.approximated(call.origin, f"method {call.method}", "requests writes it in capitals")
        if call.options.ca:
            why = "requests trusts it alone, not besides the system's authorities"
            self.report.approximated(call.origin, "option: ca", why)

    def _auth(self, call: Call) -> str:
        assert call.login is not None
        pair = f"{self.python.credential(call.login.user)}, {self.python.credential(call.login.password)}"
        if not call.login.digest:
            return f"auth=({pair})"
        self.imports.add("from requests.auth import HTTPDigestAuth")
        return f"auth=HTTPDigestAuth({pair})"

    def _timeout(self, call: Call) -> str:
        return f"timeout=({seconds(call.options.timeouts.connect)}, {seconds(call.options.timeouts.read)})"

    def _trust(self, call: Call) -> list[str]:
        options = call.options
        found = [] if options.verify else ["verify=False"]
        if options.ca and options.verify:
            found.append(f"verify={self._path(options.ca)}")
        if options.client_cert:
            found.append(f"cert={self._path(options.client_cert)}")
        return found

    def _proxy(self, call: Call) -> list[str]:
        if direct(call.options):
            return ['proxies={"http": "", "https": ""}']
        proxy = proxy_of(call, self.report)
        return [f'proxies={{"http": {quoted(proxy)}, "https": {quoted(proxy)}}}'] if proxy else []

    def _path(self, path: str) -> str:
        if not path.startswith("~"):
            return quoted(path)
        self.python.need("import os")
        return f"os.path.expanduser({quoted(path)})"
