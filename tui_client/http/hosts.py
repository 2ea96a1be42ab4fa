"""What the user's own settings say of single hosts: whom to believe, and with which certificate of ours."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, TypeAlias

import msgspec

from tui_client.config import HostSettings
from tui_client.http.profile import ConnectionProfile
from tui_client.http.route import HttpProxy, host_port, parse_route
from tui_client.http.url import Url
from tui_client.model.options import SendOptions

# By "host" or "host:port", in lower case, as in `config.toml`.
Hosts: TypeAlias = Mapping[str, HostSettings]

NO_HOSTS: Final[Hosts] = {}
_NOTHING: Final = HostSettings()


class Network(msgspec.Struct, frozen=True):
    """The part of the user's settings that every send obeys. environ: where proxy variables are read; None: ours."""

    hosts: Hosts = {}
    environ: Mapping[str, str] | None = None


NETWORK: Final = Network()


class Unverified(msgspec.Struct, frozen=True):
    """Somebody spoken to over TLS whose certificate nobody looks at. own: since the user's settings of it say so."""

    authority: str
    own: bool


class Trusting(msgspec.Struct, frozen=True):
    """TLS towards one address, in the terms of a ConnectionProfile."""

    verify: bool
    ca: str
    client_cert: str


def settings_of(hosts: Hosts, host: str, port: int) -> HostSettings:
    """Those for an address: of "host:port" if there are any, else of "host"."""
    if not hosts:
        return _NOTHING
    # The dot of the root names the same host; a collection could else write itself past a setting.
    name = host.rstrip(".")
    exact = host_port(name, port)
    alone = exact.removesuffix(f":{port}")
    return hosts.get(exact) or hosts.get(alone) or _NOTHING


def trusting(options: SendOptions, hosts: Hosts, host: str, port: int) -> Trusting:
    """The user's settings for the address, and the options where those say nothing."""
    own = settings_of(hosts, host, port)
    return Trusting(
        verify=options.verify if own.verify is None else own.verify,
        ca=own.ca or options.ca,
        client_cert=own.client_cert or options.client_cert,
    )


def trusting_proxy(options: SendOptions, hosts: Hosts, proxy: str) -> Trusting | None:
    """TLS towards a proxy, as for any host; None for one that isn't spoken to over TLS. Raises RequestFailed."""
    found = _tls_proxy(proxy)
    if found is None:
        return None
    # Who we are is told to the server alone, unless the user says otherwise.
    cert = settings_of(hosts, found.host, found.port).client_cert
    return msgspec.structs.replace(trusting(options, hosts, found.host, found.port), client_cert=cert)


def unverified(profile: ConnectionProfile, address: Url, hosts: Hosts) -> tuple[Unverified, ...]:
    """Who is spoken to unverified on the way to an address: its server, a proxy, both or, mostly, nobody."""
    if profile.verify and profile.front is None:
        return ()
    found = []
    if address.scheme == "https" and not profile.verify:
        found.append((address.host, address.port))
    if not profile.for_proxy.verify and (proxy := _tls_proxy(profile.proxy)) is not None:
        found.append((proxy.host, proxy.port))
    owns = [settings_of(hosts, host, port).verify is False for host, port in found]
    return tuple(Unverified(host_port(*one), own) for one, own in zip(found, owns, strict=True))


def _tls_proxy(proxy: str) -> HttpProxy | None:
    route = parse_route(proxy) if proxy.startswith("https://") else None
    if not isinstance(route, HttpProxy):
        return None
    return msgspec.structs.replace(route, host=route.host.lower())
