"""How Postman sends a request: its protocolProfileBehavior, proxy and certificate."""

from __future__ import annotations

from typing import Any

from tui_client.formats._postman.place import Place
from tui_client.formats._postman.values import Table, table, text
from tui_client.model.options import Options


def read_options(value: object, place: Place) -> Options:
    """The options; a setting that we don't have is reported."""
    given: dict[str, Any] = {}
    for name, setting in table(value).items():
        match name, setting:
            case ("disableBodyPruning", _) | (_, None) | ("protocolVersion", "auto"):
                pass  # decides on the body; or says nothing
            case _, dict() if not any(setting.values()):
                pass
            case "followRedirects", bool():
                given["follow_redirects"] = setting
            case "maxRedirects", int() if not isinstance(setting, bool) and 0 <= setting <= 1000:
                given["max_redirects"] = setting
            case "disableCookies", bool():
                given["cookies"] = not setting
            case "protocolVersion", "http2" | "http1":
                given["http2"] = setting == "http2"
            case "strictSSL", True:
                given["verify"] = True
            case "strictSSL", False:
                place.dropped("strictSSL: false", "certificates stay verified; allow it with verify = false")
            case _:
                place.dropped(f"setting {name}: {text(setting)[:100]}", "there is no such option")
    return Options(**given)


def note_transport(request: Table, place: Place) -> None:
    """Report a proxy and a certificate: where they are on this machine is not for a file to say."""
    proxy, certificate = table(request.get("proxy")), table(request.get("certificate"))
    if proxy:
        where = f"{text(proxy.get('host'))}:{text(proxy.get('port'))}".strip(":")
        off = ", which is off" if proxy.get("disabled") is True else ""
        place.dropped(f"proxy {where}{off}", "give one as the option proxy")
    if certificate:
        files = [text(table(certificate.get(part)).get("src")) for part in ("cert", "key")]
        place.dropped(f"certificate {', '.join(filter(None, files))}", "give one as the option client_cert")
