"""A preview shows what is known, and neither fails nor tells."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_client.model.effective import EffectiveRequest, Layer, Scope
from tui_client.model.request import NameValue
from tui_client.model.variables import Choice, Constant, FromRequest, HostVariable, Prompt, Secret
from tui_client.template.evaluate import SECRETS_ORIGIN
from tui_client.template.preview import DOTS, PreviewSegment, PreviewState, preview, preview_url
from tui_client.template.resolve import resolve

S = PreviewState
SCOPE = Scope(
    (
        Layer(SECRETS_ORIGIN, {"pw": Constant("canary", literal=True)}),
        Layer(
            "env",
            {
                "base_url": Constant("http://h:1/api"),
                "name": Constant("a b"),
                "region": Choice(("eu",)),
                "otp": Prompt("?"),
                "token": FromRequest("auth/login"),
                "home": HostVariable("HOME"),
                "key": Secret(),
                "pair": Constant("me:{{pw}}"),
                "loop": Constant("{{loop}}"),
                "id": Constant("{{uuid()}}"),
            },
        ),
    )
)


def request(url: str, *params: NameValue, path: tuple[NameValue, ...] = ()) -> EffectiveRequest:
    return EffectiveRequest(key="k", name="", method="GET", url=url, params=params, path=path)


@pytest.mark.parametrize(
    ("text", "shown", "state"),
    [
        ("plain", "plain", S.LITERAL),
        ("{{'{{'}}", "{{", S.LITERAL),
        ("{{name}}", "a b", S.RESOLVED),
        ("{{upper(region)}}", "EU", S.RESOLVED),
        ("{{nowhere}}", "{{nowhere}}", S.UNRESOLVED),
        ("{{loop}}", "{{loop}}", S.UNRESOLVED),
        ("{{int(name)}}", "{{int(name)}}", S.UNRESOLVED),
        ("{{ oh no }}", "{{ oh no }}", S.UNRESOLVED),
        ("{{name", "{{name", S.UNRESOLVED),
        ("{{otp}}", "{{otp}}", S.DEFERRED),
        ("{{token}}", "{{token}}", S.DEFERRED),
        ("{{home}}", "{{home}}", S.DEFERRED),
        ("{{uuid()}}", "{{uuid()}}", S.DEFERRED),
        ("{{id}}", "{{id}}", S.DEFERRED),
        ("{{key}}", DOTS, S.SECRET),
        ("{{pw}}", DOTS, S.SECRET),
        ("{{base64(pair)}}", DOTS, S.SECRET),
    ],
)
def test_each_part_has_its_state(text: str, shown: str, state: PreviewState) -> None:
    """What is fetched or made at sending is shown as written, secrets as dots."""
    assert preview(text, SCOPE) == (PreviewSegment(shown, state, text),)


@given(st.text("{}'\"()abpw, .", max_size=40) | st.text())
def test_a_preview_never_fails_and_loses_nothing(text: str) -> None:
    """The sources of its parts are the text that was typed, whatever it is."""
    assert "".join(part.source for part in preview(text, SCOPE)) == text
    assert preview_url(request(text, NameValue(text, text), path=(NameValue("a", text),)), SCOPE)


def test_the_urls_preview_is_what_resolve_gives() -> None:
    """Base, path parameters and params as they will be sent, with the state of each part."""
    asked = request(
        "/u/:id?x=1", NameValue("q", "{{name}}"), NameValue("off", "1", False), path=(NameValue("id", "a/b"),)
    )
    parts = preview_url(asked, SCOPE)
    assert "".join(part.text for part in parts) == resolve(asked, SCOPE).url
    assert [(part.text, part.state) for part in parts] == [
        ("http://h:1/api", S.RESOLVED),
        ("/u/a%2Fb?x=1&q=", S.LITERAL),
        ("a%20b", S.RESOLVED),
    ]


def test_the_urls_preview_hides_secrets_and_shows_what_is_missing() -> None:
    """Readable names, not their percent-encoding."""
    parts = preview_url(request("/u/{{nowhere}}", NameValue("k", "{{pw}}"), NameValue("o", "{{otp}}")), SCOPE)
    assert "".join(part.text for part in parts) == f"http://h:1/api/u/{{{{nowhere}}}}?k={DOTS}&o={{{{otp}}}}"
    assert "canary" not in repr(parts)


def test_the_urls_preview_without_a_base_says_so() -> None:
    """An empty scope shows which variable is missing."""
    parts = preview_url(request("/u"), Scope())
    assert [(part.text, part.state) for part in parts] == [("{{base_url}}", S.UNRESOLVED), ("/u", S.LITERAL)]
