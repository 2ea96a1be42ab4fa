"""All options of curl: which take a value, their one-letter names, and which only concern what becomes of the reply."""

from __future__ import annotations

from bisect import bisect_left
from functools import cache
from typing import Final

_VALUED: Final = """
abstract-unix-socket alt-svc aws-sigv4 cacert capath E:cert cert-type ciphers K:config connect-timeout connect-to
C:continue-at b:cookie c:cookie-jar create-file-mode crlfile curves d:data data-ascii data-binary data-raw
data-urlencode delegation dns-interface dns-ipv4-addr dns-ipv6-addr dns-servers doh-url D:dump-header ech egd-file
engine
etag-compare etag-save expand-data expand-header expand-url expand-user expect100-timeout F:form form-string ftp-account
ftp-alternative-to-user ftp-method P:ftp-port ftp-ssl-ccc-mode happy-eyeballs-timeout-ms haproxy-clientip H:header
hostpubmd5 hostpubsha256 hsts interface ip-tos ipfs-gateway json keepalive-cnt keepalive-time key key-type krb libcurl
limit-rate local-port login-options mail-auth mail-from mail-rcpt max-filesize max-redirs m:max-time netrc-file
noproxy o:output oauth2-bearer output-dir parallel-max pass pinnedpubkey preproxy proto proto-default proto-redir
x:proxy proxy-cacert proxy-capath proxy-cert proxy-cert-type proxy-ciphers proxy-crlfile proxy-header proxy-key
proxy-key-type proxy-pass proxy-pinnedpubkey proxy-service-name proxy-tls13-ciphers proxy-tlsauthtype proxy-tlspassword
proxy-tlsuser U:proxy-user proxy1.0 pubkey Q:quote random-file r:range rate e:referer X:request request-target resolve
retry retry-delay retry-max-time sasl-authzid service-name socks4 socks4a socks5 socks5-gssapi-service socks5-hostname
Y:speed-limit y:speed-time stderr t:telnet-option tftp-blksize z:time-cond tls-max tls13-ciphers tlsauthtype
tlspassword tlsuser trace trace-ascii trace-config unix-socket T:upload-file url url-query u:user A:user-agent variable
vlan-priority w:write-out
"""
_FLAGS: Final = """
anyauth a:append basic ca-native cert-status compressed compressed-ssh create-dirs crlf digest q:disable eprt epsv
disallow-username-in-url doh-cert-status doh-insecure f:fail fail-early fail-with-body false-start form-escape
ftp-create-dirs ftp-pasv ftp-pret ftp-skip-pasv-ip ftp-ssl-ccc ftp-ssl-control G:get g:globoff haproxy-protocol I:head
h:help http0.9 0:http1.0 http1.1 http2 http2-prior-knowledge http3 http3-only ignore-content-length i:include k:insecure
4:ipv4 6:ipv6 j:junk-session-cookies l:list-only L:location location-trusted mail-rcpt-allowfails M:manual metalink
mptcp negotiate n:netrc netrc-optional ::next alpn N:buffer clobber keepalive npn progress-meter sessionid ntlm ntlm-wb
Z:parallel parallel-immediate path-as-is post301 post302 post303 #:progress-bar proxy-anyauth proxy-basic
proxy-ca-native
proxy-digest proxy-http2 proxy-insecure proxy-negotiate proxy-ntlm proxy-ssl-allow-beast proxy-ssl-auto-client-cert
proxy-tlsv1 p:proxytunnel raw J:remote-header-name O:remote-name remote-name-all R:remote-time remove-on-error
retry-all-errors retry-connrefused sasl-ir S:show-error show-headers s:silent skip-existing socks5-basic socks5-gssapi
socks5-gssapi-nec ssl ssl-allow-beast ssl-auto-client-cert ssl-no-revoke ssl-reqd ssl-revoke-best-effort 2:sslv2 3:sslv3
styled-output suppress-connect-headers tcp-fastopen tcp-nodelay tftp-no-options 1:tlsv1 tlsv1.0 tlsv1.1 tlsv1.2 tlsv1.3
tls-earlydata tr-encoding trace-ids trace-time B:use-ascii v:verbose V:version xattr disable-eprt disable-epsv
"""
# They mean nothing for what is sent, and nobody misses them.
_QUIET: Final = """
silent show-error verbose include progress-bar progress-meter buffer styled-output fail fail-early
fail-with-body compressed globoff path-as-is disable basic parallel parallel-immediate parallel-max keepalive
keepalive-time show-headers tcp-nodelay trace-time trace-ids clobber create-dirs remote-time xattr sessionid
location proto-default get raw http0.9 stderr suppress-connect-headers proxytunnel happy-eyeballs-timeout-ms
"""
QUIET: Final = frozenset(_QUIET.split())
_OUTPUT: Final = """
output output-dir remote-name remote-name-all remote-header-name write-out dump-header trace trace-ascii
trace-config cookie-jar libcurl remove-on-error create-file-mode etag-save max-filesize junk-session-cookies
skip-existing
"""
OUTPUT: Final = frozenset(_OUTPUT.split())


def _table(text: str) -> tuple[dict[str, str], frozenset[str]]:
    shorts: dict[str, str] = {}
    names: list[str] = []
    for entry in text.split():
        short, name = (entry[0], entry[2:]) if entry[1:2] == ":" else ("", entry)
        names.append(name)
        shorts |= {short: name} if short else {}
    return shorts, frozenset(names)


_VALUED_SHORTS, VALUED = _table(_VALUED)
_FLAG_SHORTS, FLAGS = _table(_FLAGS)
SHORTS: Final = {**_VALUED_SHORTS, **_FLAG_SHORTS}
_SORTED: Final = sorted(VALUED | FLAGS)


@cache
def named(name: str) -> str | None:
    """The whole name of an option that is written short, as curl takes it; None if no one, or several, begin so."""
    if name in VALUED or name in FLAGS:
        return name
    # curl has long taken capitals for small letters here; newer ones refuse them.
    name = name.lower()
    if name in VALUED or name in FLAGS:
        return name
    at = bisect_left(_SORTED, name)
    matches = [each for each in _SORTED[at : at + 2] if each.startswith(name)]
    return matches[0] if len(matches) == 1 and name else None
