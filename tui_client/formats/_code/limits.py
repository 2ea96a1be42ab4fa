"""What is said of options that a library does not have."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from tui_client.formats._code.call import Call
from tui_client.formats._code.text import Text, joined, literal
from tui_client.formats._found import Report
from tui_client.model.options import SendOptions

DEFAULTS: Final = SendOptions()


def direct(options: SendOptions) -> bool:
    """Whether no proxy is to be used, whatever the environment says."""
    return options.proxy.lower() in ("direct", "none")


def proxy_of(call: Call, report: Report) -> str:
    """The proxy as libraries take it: with a scheme; "" for none. One at a Unix socket is reported."""
    proxy = "" if direct(call.options) else call.options.proxy
    if proxy.startswith("unix:"):
        report.dropped(call.origin, f"proxy: {proxy}", "a proxy at a Unix socket can't be given here")
        return ""
    return proxy if not proxy or "://" in proxy else f"http://{proxy}"


def seconds(value: float | None) -> str:
    """A limit in Python."""
    return "None" if value is None else f"{value:g}"


def report_repeats(call: Call, report: Report, library: str) -> None:
    """Headers of a name stand in one row here."""
    names = [(literal(name) or "").lower() for name, _ in call.headers]
    for name in dict.fromkeys(name for name in names if name and names.count(name) > 1):
        report.approximated(call.origin, f"header {name}, {names.count(name)} times", f"{library} sends one row")


def report_target(call: Call, report: Report, library: str) -> None:
    """A URL that the library writes in its own way."""
    if call.target is not None:
        why = f"{library} may encode signs of it in another way, and follows its dots"
        report.approximated(call.origin, "the exact URL", why)


def report_options(call: Call, report: Report, library: str, missing: Sequence[str]) -> None:
    """The options among `missing` that the request sets: names of SendOptions, and "total", "connect", "read"."""
    options = call.options
    for name in missing:
        if name in ("total", "connect", "read", "write", "pool"):
            if name in options.timeouts.given and getattr(options.timeouts, name) is not None:
                report.dropped(call.origin, f"timeout: {name}", f"{library} has no such limit")
        elif getattr(options, name) != getattr(DEFAULTS, name):
            report.dropped(call.origin, f"option: {name}", f"{library} has no such option for a request")
    if options.idempotency_key:
        report.dropped(call.origin, "option: idempotency_key", "the code sends no Idempotency-Key of its own")


def merged(headers: Sequence[tuple[Text, Text]]) -> list[tuple[Text, Text]]:
    """Headers with one row a name: values of repeated ones with commas between, of cookies with semicolons."""
    found: dict[str, tuple[Text, Text]] = {}
    for index, (name, value) in enumerate(headers):
        key = (literal(name) or f"\0{index}").lower()
        if key in found:
            joint = "; " if key == "cookie" else ", "
            found[key] = (found[key][0], joined(*found[key][1], joint, *value))
        else:
            found[key] = (name, value)
    return list(found.values())
