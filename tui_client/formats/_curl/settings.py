"""Auth and options of a command, and what of it has no place here."""

from __future__ import annotations

from typing import Final
from urllib.parse import quote

from tui_client.formats._curl.arguments import Arguments
from tui_client.formats._curl.data import DATA, template
from tui_client.formats._curl.table import OUTPUT, QUIET
from tui_client.formats._found import Report
from tui_client.kinds.auth.basic import Basic
from tui_client.kinds.auth.bearer import Bearer
from tui_client.kinds.auth.digest import Digest
from tui_client.kinds.auth.none import NoAuth
from tui_client.model.kinds import Auth
from tui_client.model.options import Options, TimeoutOptions

_FOREIGN_AUTH: Final = ("ntlm", "ntlm-wb", "negotiate", "aws-sigv4")
_PROXIES: Final = {
    "proxy": "http",
    "proxy1.0": "http",
    "socks5": "socks5",
    "socks5-hostname": "socks5h",
    "socks4": "socks4",
    "socks4a": "socks4a",
}
_USED_NAMES: Final = """
url url-query request head get user digest anyauth oauth2-bearer header expand-header user-agent referer
cookie range form form-string upload-file location location-trusted max-redirs max-time connect-timeout
proxy-user cacert cert key http1.1 http2 http2-prior-knowledge tr-encoding
"""
_USED: Final = frozenset(_USED_NAMES.split())
_WHY: Final = {
    "insecure": "certificates stay verified; allow it with verify = false in the options",
    "config": "no other file is read: import it too",
    "netrc": "no other file is read: give user and password to the request",
    "netrc-file": "no other file is read: give user and password to the request",
    "pass": "a certificate's key must not be locked",
    "request-target": "what is sent follows from the URL",
    "form-escape": "quotes in names are sent as %22",
    "crlf": "line ends are sent as they are",
    "http1.0": "HTTP/1.1 is spoken",
    "expand-url": "its {{…}} are sent as they are",
    "expand-data": "its {{…}} are sent as they are",
    "expand-header": "its {{…}} are sent as they are",
    "location-trusted": "credentials are never sent to another host",
}


def auth(given: Arguments, *, authorized: bool, report: Report) -> Auth | None:
    """The auth that the options say; none at all where a header says it already."""
    foreign = next((name for name in _FOREIGN_AUTH if given.all(name)), "")
    if foreign:
        report.dropped(
            given.origin, f"auth: {foreign}", "there is no such auth here; the user stands in the description"
        )
        return NoAuth()
    user, token = given.value("user"), given.value("oauth2-bearer")
    if authorized:
        if user is not None or token is not None:
            report.dropped(given.origin, "-u", "the header Authorization is sent instead, as curl does")
        return NoAuth()
    if token is not None:
        return Bearer(template(token))
    if user is None:
        return None
    name, colon, password = user.partition(":")
    if not colon:
        report.approximated(given.origin, "-u", "curl asks for the password; it is empty here")
    if given.on("anyauth"):
        report.approximated(given.origin, "--anyauth", "the request is sent with Basic at once")
    made = Digest if given.on("digest") else Basic
    return made(template(name), template(password))


def options(given: Arguments, report: Report) -> Options:
    """Redirects, limits, proxy and certificates."""
    protocol = [each.name for each in given.all("http2", "http2-prior-knowledge", "http1.1", "http1.0")]
    redirects = _number(given, "max-redirs", report)
    return Options(
        timeout=TimeoutOptions(
            connect=_number(given, "connect-timeout", report), total=_number(given, "max-time", report)
        ),
        follow_redirects=given.on("location") or given.on("location-trusted"),
        max_redirects=int(redirects) if redirects is not None else None,
        http2=protocol[-1].startswith("http2") if protocol else None,
        proxy=_proxy(given),
        ca=_path(given.value("cacert")),
        client_cert=_certificate(given, report),
    )


def _number(given: Arguments, name: str, report: Report) -> float | None:
    value = given.value(name)
    if value is None:
        return None
    try:
        number = float(value)
    except ValueError:
        number = -1.0
    if 0 <= number < 1e9:
        return number
    report.dropped(given.origin, f"--{name} {value[:40]}", "it is no number that can be used here")
    return None


def _proxy(given: Arguments) -> str | None:
    chosen = given.all(*_PROXIES)
    if not chosen or not chosen[-1].value:
        return None
    url = chosen[-1].value
    url = url if "://" in url else f"{_PROXIES[chosen[-1].name]}://{url}"
    scheme, _, rest = url.partition("://")
    user = given.value("proxy-user")
    if user and "@" not in rest:
        name, _, password = user.partition(":")
        rest = f"{quote(name, safe='')}:{quote(password, safe='')}@{rest}"
    return template(f"{scheme}://{rest}")


def _path(value: str | None) -> str | None:
    return template(value) if value else None


def _certificate(given: Arguments, report: Report) -> str | None:
    value = given.value("cert")
    if not value:
        return None
    # C:\file is a drive, not a password.
    path, colon, password = value[:2] + value[2:].partition(":")[0], *value[2:].partition(":")[1:]
    if colon and password:
        report.dropped(given.origin, "--cert", "its password is not kept: a certificate's key must not be locked")
    key = given.value("key")
    if key and key != path:
        report.dropped(
            given.origin, f"--key {key[:80]}", f"the key must stand in the file of the certificate, {path[:80]}"
        )
    return _path(path)


def tell_the_rest(given: Arguments, report: Report) -> None:
    """A line for each option that has no place here."""
    known = (_USED | QUIET | {*DATA, *_PROXIES, *_FOREIGN_AUTH}) - {"location-trusted"}
    told: set[str] = set()
    for each in given.given:
        if each.name in told or each.name in known:
            continue
        told.add(each.name)
        if not each.on:
            continue
        why = "it concerns what becomes of the reply" if each.name in OUTPUT else "there is no such setting here"
        report.dropped(given.origin, f"--{each.name}", _WHY.get(each.name, why))
