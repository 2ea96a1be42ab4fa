"""Dialogs where users decide about what came from outside: files that changed, cookies, grants."""

from __future__ import annotations

from pathlib import Path

from payloads import PAYLOADS, but, few, joined

from sink_walks.bench import Bench, workbench
from sink_walks.dialogs import away, over
from tui_client.demo.sample import copy_sample
from tui_client.http.cookies import Cookie, CookieJar
from tui_client.trust.grants import Grant, GrantKind
from tui_client.tui.modals.conflict import ConflictDialog, DeletedDialog
from tui_client.tui.modals.cookie_form import CookieForm
from tui_client.tui.modals.cookies import CookiesDialog, Shown
from tui_client.tui.modals.trust import Decision, TrustDialog

_LINES = but("overwriting", "line separators")


async def walk(base: Path) -> Bench:
    """One dialog after the other over the workbench."""
    async with workbench(copy_sample(base / "demo", "http://127.0.0.1:9"), (190, 60)) as b:
        for look in (_conflict, _cookies, _cookie, _trust):
            await look(b)
        return b


async def _conflict(b: Bench) -> None:
    half = len(_LINES) // 2
    read, theirs, mine = joined(_LINES[:2]), joined(_LINES[:half]), joined(_LINES[half:])
    dialog = ConflictDialog(PAYLOADS[6].whole, (read, theirs, mine), lambda text: f"problem {PAYLOADS[7].whole}")
    await over(b, dialog)
    await b.see("conflict: file", [PAYLOADS[6]], shown=lambda one: f"{one.shown} changed")
    await b.see("conflict: on disk", _LINES[2:half], dialog.columns)
    await b.see("conflict: in the editor", _LINES[half:], dialog.columns)
    dialog.action_step(1)
    dialog.action_mine()
    await b.see("conflict: result", _LINES[half : half + 3], dialog.result)
    await b.see("conflict: problem", [PAYLOADS[7]], prefix="problem ")
    await away(b)
    await over(b, ConflictDialog("f", (read, theirs, mine), broken=PAYLOADS[8].whole))
    await b.see("conflict: why it is broken", [PAYLOADS[8]])
    await away(b)
    await over(b, DeletedDialog(PAYLOADS[9].whole))
    await b.see("deleted: file", [PAYLOADS[9]])
    await away(b)


async def _cookies(b: Bench) -> None:
    jar = CookieJar()
    for one in PAYLOADS:
        jar.put(Cookie(origin="http://h", name=one.whole, value=one.whole, path=f"/{one.whole}"))
    jar.put(Cookie(origin=f"http://{PAYLOADS[0].whole}", name="n", value="v"))
    dialog = CookiesDialog(jar, Shown(PAYLOADS[1].whole), lambda: None)
    await over(b, dialog)
    await b.see("cookies kept: place", PAYLOADS[1:2], prefix="Cookies · ")
    await b.see("cookies kept: name", [one for one in PAYLOADS if len(one.shown) < 11], dialog.outline)
    await b.see("cookies kept: origin", PAYLOADS[:1], dialog.outline, prefix="http://")
    for at in range(len(dialog.outline.rows)):
        dialog.outline.cursor = at
        one = next((one for one in few(first=2) if dialog.cookie and dialog.cookie.name == one.whole), None)
        if one is not None:
            dialog.action_reveal()
            await b.see("cookies kept: all of one", [one], dialog.about)
    await away(b)


async def _cookie(b: Bench) -> None:
    for one in few(first=3)[:4]:
        await over(b, CookieForm(Cookie(origin="http://h", name=one.whole, value=f"is {one.whole}", path="/")))
        await b.see("cookie: name", [one])
        await away(b)


class _Decisions:
    """What was granted: everything."""

    def __init__(self, found: tuple[Decision, ...]) -> None:
        self._found = found

    def all(self) -> tuple[Decision, ...]:
        return self._found

    def forget(self, decision: Decision) -> None:
        """Nothing is taken back here."""

    def restore(self, decision: Decision) -> None:
        """Nothing is taken back here."""


async def _trust(b: Bench) -> None:
    kinds = tuple(GrantKind)
    found = tuple(Decision(Grant(kinds[at % len(kinds)], one.whole)) for at, one in enumerate(PAYLOADS))
    dialog = TrustDialog(PAYLOADS[2].whole, _Decisions(found))
    await over(b, dialog)
    await b.until(lambda: len(dialog.outline.rows) == len(found))
    await b.see("trust: collection", PAYLOADS[2:3], prefix="Trust · ")
    await b.see("trust: subject", widget=dialog.outline)
    for at in range(0, len(found), 4):
        dialog.outline.cursor = at
        await b.pilot.pause()
        assert dialog.decision is not None
        subject = dialog.decision.grant.subject
        await b.see("trust: all of one", [one for one in PAYLOADS if one.whole == subject], dialog.about)
    await away(b)
