"""Whom the program believes: everybody proves who he is, unless the user himself says of one host that he need not."""

from __future__ import annotations

import json
import ssl
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import trustme
from secure_server import SecureServer, secure_server

Cli = Callable[..., Any]


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    """Nobody's, unless told to."""
    return trustme.CA()


@pytest.fixture
def context(authority: trustme.CA) -> ssl.SSLContext:
    """Of a server on loopback."""
    found = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1", common_name="api.example").configure_cert(found)
    return found


@pytest.fixture
def server(context: ssl.SSLContext) -> Iterator[SecureServer]:
    """Over TLS."""
    with secure_server(context) as found:
        yield found


@pytest.fixture
def other(context: ssl.SSLContext) -> Iterator[SecureServer]:
    """Another port of the same host, with the same certificate."""
    with secure_server(context) as found:
        yield found


@pytest.fixture
def settings(tmp_path: Path) -> Callable[[str], None]:
    """Writes the user's config.toml."""

    def write(text: str) -> None:
        path = tmp_path / "config/tui-client/config.toml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    return write


@pytest.fixture
def careless(tmp_path: Path, server: SecureServer) -> str:
    """The key of a request whose collection says verify = false."""
    root = tmp_path / "work/collections/loose"
    root.mkdir(parents=True)
    (root / "collection.toml").write_text(
        f'format = 1\nbase_url = "{server.url}"\n[options]\nverify = false\n[options.timeout]\ntotal = 20\n'
    )
    (root / "get.toml").write_text(
        'url = "/"\n[[assert]]\nquery = "certificate"\nexpr = "Subject-Alt-Name"\n'
        'op = "=="\nvalue = "IP Address:127.0.0.1"\n'
    )
    return "get"


def kind(ran: Any) -> str | None:
    """Of the failure; None for a reply."""
    error = ran.json["error"]
    return error and str(error["kind"])


def test_a_stranger_is_refused_and_shown(cli: Cli, server: SecureServer) -> None:
    """By default: nothing is sent, and whose certificate it is can be read, also from the history."""
    ran = cli("send", server.url)
    assert (ran.code, server.arrived) == (4, [])
    assert "is not trusted" in ran.err and "certificate of api.example, issued by O=trustme" in ran.err
    ran = cli("send", server.url, "--json")
    tls = ran.json["tls"]
    assert (kind(ran), tls["verified"]) == ("tls.untrusted", False)
    assert "certificate" in tls["problem"]
    (own,) = tls["certificates"]
    assert (own["names"], own["not_before"][:10]) == (["IP Address:127.0.0.1"], "2000-01-01")
    assert cli("history", "show", "1", "--json").json["tls"]["certificates"] == tls["certificates"]


def test_the_users_own_setting_needs_no_grant(
    cli: Cli, settings: Callable[[str], None], server: SecureServer, other: SecureServer
) -> None:
    """For that port; the badge stands in the line, in JSON and in the history; a redirect elsewhere is verified."""
    settings(f'[hosts."{server.authority}"]\nverify = false\n')
    ran = cli("send", server.url, "-i")
    assert (ran.code, len(server.arrived)) == (0, 1)
    assert "certificate not verified" in ran.err and "TLS 1.3" in ran.err
    assert "certificate not verified" in cli("history").out
    assert cli("history", "--json").json[0]["verified"] is False
    assert kind(cli("send", other.url, "--json")) == "tls.untrusted"

    server.location = f"{other.url}/x"
    ran = cli("send", server.url, "--json")
    assert (kind(ran), len(server.arrived), other.arrived) == ("tls.untrusted", 2, [])
    # The other one may be set, too; or it may lead back.
    settings(f'[hosts."{server.authority}"]\nverify = false\n[hosts."{other.authority}"]\nverify = false\n')
    assert cli("send", server.url, "--json").json["response"]["status"] == 200


def test_an_authority_of_ones_own_is_verified(
    cli: Cli, settings: Callable[[str], None], server: SecureServer, authority: trustme.CA, tmp_path: Path
) -> None:
    """`ca` for one host: no badge, and other hosts don't profit."""
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    settings(f'[hosts."127.0.0.1"]\nca = "{tmp_path}/ca.pem"\n')
    ran = cli("send", server.url, "-i")
    assert (ran.code, "not verified" in ran.err) == (0, False)
    assert cli("send", server.url, "--json").json["tls"]["verified"] is True
    settings(f'[hosts."localhost"]\nca = "{tmp_path}/ca.pem"\n')
    assert kind(cli("send", server.url, "--json")) == "tls.untrusted"


def test_a_collection_switches_nothing_off(
    cli: Cli, settings: Callable[[str], None], server: SecureServer, careless: str
) -> None:
    """It needs a grant for the host; and not even that helps where the user's settings say verify = true."""
    assert kind(cli("send", careless, "--json")) == "trust.refused"
    grant = ("--grant", f"insecure:{server.authority}")
    ran = cli("send", careless, *grant)
    assert ran.code == 0 and "certificate not verified" in ran.err
    settings(f'[hosts."{server.authority}"]\nverify = true\n')
    before = len(server.arrived)
    assert kind(cli("send", careless, "--json", *grant)) == "tls.untrusted"
    # Nothing was left to ask for, either.
    assert kind(cli("send", careless, "--json")) == "tls.untrusted"
    assert len(server.arrived) == before


def test_a_replay_obeys_the_settings_of_hosts(
    cli: Cli, settings: Callable[[str], None], server: SecureServer, careless: str
) -> None:
    """The short way of many rows too; and its HAR says what TLS came to."""
    settings(f'[hosts."{server.authority}"]\nverify = false\n')
    ran = cli("replay", careless, "--iterations", "4", "--concurrency", "1", "--json", "--report", "out.har")
    assert (ran.code, len(server.arrived)) == (0, 4)
    entry = json.loads(Path("out.har").read_text())["log"]["entries"][3]
    assert entry["_securityDetails"]["protocol"] == "TLS 1.3"
    assert entry["_securityDetails"]["verified"] is False
    settings(f'[hosts."{server.authority}"]\nverify = true\n')
    assert cli("replay", careless, "--iterations", "4", "--json", "--grant", f"insecure:{server.authority}").code != 0
    assert len(server.arrived) == 4


def test_no_recording_switches_verification_off(cli: Cli, server: SecureServer) -> None:
    """Whatever a HAR file of a browser that was told to trust everybody says."""
    request = {"method": "GET", "url": f"{server.url}/a", "httpVersion": "HTTP/1.1", "headers": [], "verify": False}
    entry = {
        "startedDateTime": "2026-11-22T12:00:00Z",
        "time": 1,
        "request": request,
        "response": {"status": 200, "headers": [], "content": {}},
        "_securityDetails": {"verified": False},
        "verify": False,
    }
    log = {"version": "1.2", "creator": {"name": "x", "version": "1"}, "entries": [entry], "verify": False}
    Path("in.har").write_text(json.dumps({"log": log, "options": {"verify": False}}))
    ran = cli("replay", "in.har", "--json", "--speed", "0")
    assert (ran.code != 0, server.arrived) == (True, [])
    assert "tls.untrusted" in ran.out


def test_a_file_of_passwords_is_never_read(
    cli: Cli, settings: Callable[[str], None], server: SecureServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """netrc has credentials for hosts; no request of ours carries any that nobody asked for."""
    settings(f'[hosts."{server.authority}"]\nverify = false\n')
    home = tmp_path / "home"
    home.mkdir()
    for name in (".netrc", "_netrc"):
        (home / name).write_text("machine 127.0.0.1 login me password canary\ndefault login me password canary\n")
        (home / name).chmod(0o600)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("NETRC", str(home / ".netrc"))
    assert cli("send", server.url).code == 0
    assert cli("send", server.url, "--json").code == 0
    for head in server.arrived:
        assert "authorization" not in head.lower() and "canary" not in head


def test_the_environment_can_be_switched_off(
    cli: Cli, settings: Callable[[str], None], server: SecureServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Proxy variables are obeyed, until one setting says no; a bad one is a warning then neither."""
    hosts = f'[hosts."{server.authority}"]\nverify = false\n'
    settings(hosts)
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:9")
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    assert kind(cli("send", server.url, "--json")) == "proxy.refused"
    settings(f"{hosts}[network]\nenvironment = false\n")
    ran = cli("send", server.url)
    assert (ran.code, "by http" in ran.err) == (0, False)
    monkeypatch.setenv("https_proxy", "nonsense://x")
    assert "https_proxy" not in cli("send", server.url).err
    settings(hosts)
    assert "https_proxy is not the URL of a proxy" in cli("send", server.url).err
