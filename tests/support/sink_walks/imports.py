"""What other tools saved and what documents say: the dialogs of an import, and the documentation of an operation."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from payloads import PAYLOADS, but, few, joined

from sink_walks.bench import Bench, workbench
from sink_walks.dialogs import away, over
from tui_client.demo.sample import copy_sample
from tui_client.errors import UsageError
from tui_client.formats._found import Outcome
from tui_client.interop.offered import Node, Offer, Preview, Said, Unknown, Written
from tui_client.interop.operation import BodyInfo, Content, OperationInfo, ParameterInfo, ReplyInfo
from tui_client.model.request import NameValue, Request
from tui_client.tui.modals.import_preview import ImportPreview
from tui_client.tui.modals.import_source import ImportSource
from tui_client.tui.state import BuilderContext, Section

# In one line, what moves the cursor or ends a line shows as a sign like all others; in several it is gone.
_LINES = but("overwriting", "line separators")


async def walk(base: Path) -> Bench:
    """The dialogs over the workbench, then the documentation in the builder."""
    async with workbench(copy_sample(base / "demo", "http://127.0.0.1:9"), (200, 100)) as b:
        for look in (_source, _preview, _docs):
            await look(b)
        return b


async def _source(b: Bench) -> None:
    for one in few(first=1, every=9):

        async def fail(source: str, format_name: str, told: Callable[[str], None], said: str = one.whole) -> Unknown:
            told(f"step {said}")
            raise UsageError(f"can't {said}")

        await over(b, ImportSource(fail))
        await b.press("a", "enter")
        await b.see("import: why it can't be read", [one], prefix="can't ")
        await away(b)


class _Nothing:
    """Carries out nothing."""

    async def place(self, target: str) -> Preview:
        raise UsageError(target)

    async def write(self) -> Written:
        raise UsageError("no")

    def stop(self) -> None:
        """There is nothing to stop."""


async def _preview(b: Bench) -> None:
    tree = tuple(Node(1, f"title {one.whole}", "GET", f"path {one.whole}", f"about {one.whole}") for one in PAYLOADS)
    report = tuple(Said(Outcome.DROPPED, one.whole, f"what {one.whole}", f"why {one.whole}") for one in PAYLOADS)
    preview = Preview(
        format=f"format {PAYLOADS[0].whole}", title=f"name {PAYLOADS[1].whole}", requests=1, folders=1, environments=0,
        files=1, private=0, target="", where=f"to {PAYLOADS[2].whole}",
        offers=(Offer("", f"offer {PAYLOADS[3].whole}"),), tree=tree, report=report,
    )  # fmt: skip
    await over(b, ImportPreview(preview, _Nothing()))
    await b.see("import: where it goes", PAYLOADS[2:3], prefix="to ")
    await b.see("import: tree", prefix="title ")
    await b.see("import: report", prefix="what ")
    await away(b)


async def _docs(b: Bench) -> None:
    parameters = tuple(
        ParameterInfo(
            name=f"name {one.whole}", place="query", kind=f"kind {one.whole}", values=(f"value {one.whole}",),
            description=f"about {one.whole}",
        )
        for one in PAYLOADS
    )  # fmt: skip
    some = few(first=2, every=7)
    outline = tuple(f"line {one.whole}" for one in some)
    operation = OperationInfo(
        title=f"title {PAYLOADS[0].whole}", summary=f"summary {PAYLOADS[1].whole}", description=joined(_LINES[:12]),
        body=BodyInfo(description=PAYLOADS[3].whole, contents=(Content(f"media {PAYLOADS[4].whole}", outline),)),
        replies=tuple(ReplyInfo(status="200", description=f"reply {one.whole}") for one in some),
    )  # fmt: skip
    await b.zoom("builder")
    builder = b.screen.builder
    builder.show(Request(), BuilderContext(documented=True, operation=operation))
    builder.show_section(Section.DOCS)
    await b.see("docs: title", PAYLOADS[:1], builder, prefix="title ")
    await b.see("docs: summary", PAYLOADS[1:2], builder, prefix="summary ")
    await b.see("docs: description", _LINES[:12], builder)
    await b.see("docs: media type", PAYLOADS[4:5], builder, prefix="media ")
    await b.see("docs: outline", some, builder, prefix="line ")
    await b.see("docs: reply", some, builder, prefix="reply ")
    for at in range(0, len(parameters), 16):
        known = OperationInfo(title="t", parameters=parameters[at : at + 16])
        builder.show(Request(), BuilderContext(documented=True, operation=known))
        for word in ("name ", "kind ", "value ", "about "):
            await b.see(f"docs: {word}", PAYLOADS[at : at + 16], builder, prefix=word)
    rows = tuple(NameValue(each.name, "v") for each in parameters[:8])
    builder.show(
        Request(params=rows), BuilderContext(documented=True, operation=OperationInfo(title="t", parameters=parameters))
    )
    builder.show_section(Section.PARAMS)
    await b.pilot.pause()
