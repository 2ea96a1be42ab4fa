"""What makes two requests able to share a connection, besides their origin."""

from __future__ import annotations

import msgspec


class FrontTls(msgspec.Struct, frozen=True):
    """TLS towards a proxy; ca and client_cert as in ConnectionProfile."""

    verify: bool = True
    ca: str = ""
    client_cert: str = ""


class ConnectionProfile(msgspec.Struct, frozen=True):
    """TLS, proxy and protocol of a connection; the transport keeps one sub-transport for each that is met.

    proxy: "" for direct, "http://user:pw@host:port", "https://…", "socks5://…", "socks5h://…", "socks4://…",
    or "unix:/path/to/socket". ca and client_cert are paths, "" for none; client_cert is a PEM with certificate and key.
    front: towards a proxy that is spoken to over TLS, where that is another than towards the server.
    """

    verify: bool = True
    ca: str = ""
    client_cert: str = ""
    proxy: str = ""
    http2: bool = False
    front: FrontTls | None = None

    @property
    def for_proxy(self) -> ConnectionProfile:
        """The one whose TLS settings hold towards the proxy."""
        front = self.front
        return self if front is None else ConnectionProfile(front.verify, front.ca, front.client_cert)
