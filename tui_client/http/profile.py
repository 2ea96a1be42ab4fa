"""What makes two requests able to share a connection, besides their origin."""

from __future__ import annotations

import msgspec


class ConnectionProfile(msgspec.Struct, frozen=True):
    """TLS, proxy and protocol of a connection; the transport keeps one sub-transport for each that is met.

    proxy: "" for direct, "http://user:pw@host:port", "https://…", "socks5://…", "socks5h://…", "socks4://…",
    or "unix:/path/to/socket". ca and client_cert are paths, "" for none; client_cert is a PEM with certificate and key.
    """

    verify: bool = True
    ca: str = ""
    client_cert: str = ""
    proxy: str = ""
    http2: bool = False
