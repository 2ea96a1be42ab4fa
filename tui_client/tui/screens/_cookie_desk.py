"""See, change and remove the cookies of the environment that is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_client.errors import RequestFailed, TuiClientError
from tui_client.tui.screens._context import builder_context, draft_key

if TYPE_CHECKING:
    from tui_client.tui.screens._errands import ErrandsScreen


async def look_at_cookies(screen: ErrandsScreen) -> None:
    """Show the cookies that the request that is shown is sent with, those of other origins beside them."""
    from tui_client.tui.modals.cookies import CookiesDialog, Shown

    try:
        await screen.workspace.ready()
        jars = screen.workspace.cookies
        key = draft_key(screen.workspace.library, screen.current) if screen.current else ""
        place = screen.workspace.wired().singles.place(key, screen.environment)
    except TuiClientError as error:
        screen.say(error)
        return
    jar = await jars.at(place)
    tell_of_cookies(screen)
    shown = Shown(
        f"{screen.collection or 'no collection'} · {screen.environment or 'no environment'}",
        _origin_of_request(screen),
        jars.keeps,
    )

    def changed() -> None:
        # A worker of the screen's: the dialog may close before it is done.
        screen.run_worker(jars.save(place), group="cookies", exit_on_error=False)

    await screen.app.push_screen_wait(CookiesDialog(jar, shown, changed))
    await jars.save(place)
    tell_of_cookies(screen)


def tell_of_cookies(screen: ErrandsScreen) -> None:
    """Say, once, why cookies can't be read or kept."""
    try:
        problem = screen.workspace.cookies.take_problem()
    except TuiClientError:
        # The settings can't be read, which is said wherever something is sent.
        return
    if problem:
        screen.say(problem)


def _origin_of_request(screen: ErrandsScreen) -> str:
    """The origin that the request that is shown goes to; "" while that is open."""
    from tui_client.http.url import parse_url

    if screen.current is None:
        return ""
    context = builder_context(screen.workspace, screen.current, screen.environment)
    try:
        return parse_url("".join(segment.text for segment in context.url)).origin
    except RequestFailed:
        return ""
