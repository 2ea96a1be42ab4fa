"""Journals that are to be joined: what each says of itself, and whether together they are one run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import msgspec

from tui_client.errors import BrokenFile, UsageError
from tui_client.replay.generator import Load
from tui_client.replay.journal.carry import Sealer
from tui_client.replay.journal.header import Ended, RunHeader
from tui_client.replay.journal.locks import is_locked
from tui_client.replay.journal.merging.copying import check_tables
from tui_client.replay.journal.plans import plan_json
from tui_client.replay.journal.reader import JournalReader
from tui_client.replay.plan import Plan, Shard

_SHOWN: Final = 10  # missing parts that are named
_LOCK: Final = ".lock"
_OWN: Final = "given, data_size, data_mtime_ns, data_sha256, summary"


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """One journal. header: with the plan of the whole. sealed: the variables of the command line, as they stand there;
    opened: whether this user's key opens them. data: size, mtime in ns and SHA-256 of the file that its rows are from,
    None where nothing is known. load: how busy its machine was."""

    path: Path
    shard: Shard
    header: RunHeader
    ended: Ended
    planned: int | None
    seconds: float
    sealed: bytes
    opened: bool
    data: tuple[int | None, int | None, str | None]
    load: Load

    @property
    def started(self) -> datetime:
        return self.header.started

    @property
    def plan(self) -> Plan:
        return self.header.plan


class _Kept(msgspec.Struct, frozen=True):
    generator: Load = Load()


def read_parts(paths: Sequence[Path], sealer: Sealer, *, allow_missing: bool) -> tuple[Part, ...]:
    """The parts of one run, by their number.

    Raises BrokenFile for what is no journal that can be read here; UsageError where they are not the parts of one plan,
    each once, and all of them unless `allow_missing`; or where one is still running.
    """
    parts = sorted((_read(path, sealer) for path in paths), key=lambda part: part.shard.index)
    if not parts:
        raise UsageError("There is nothing to merge. Give the journals of all parts, or the folder they lie in.")
    _check_once(parts)
    for other in parts[1:]:
        _check_same(parts[0], other)
    if (missing := missing_of(parts)) and not allow_missing:
        raise UsageError(
            f"{missing_words(missing, parts[0].shard.of)}. Give the journals of all parts, "
            "or merge what is there with --allow-missing."
        )
    return tuple(parts)


def missing_of(parts: Sequence[Part]) -> tuple[int, ...]:
    """The numbers of the parts that are not there."""
    there = {part.shard.index for part in parts}
    return tuple(index for index in range(1, parts[0].shard.of + 1) if index not in there)


def missing_words(missing: Sequence[int], of: int) -> str:
    """ "Parts 2, 5 of 8 are missing"."""
    named = ", ".join(map(str, missing[:_SHOWN]))
    more = f" and {len(missing) - _SHOWN:,} more" if len(missing) > _SHOWN else ""
    return f"Part {named} of {of} is missing" if len(missing) == 1 else f"Parts {named}{more} of {of} are missing"


def _read(path: Path, sealer: Sealer) -> Part:
    if is_locked(path.with_suffix(_LOCK)):
        raise UsageError(f"The run of {path} is still going on. Wait for its end, or stop it.")
    with JournalReader(path) as reader:
        check_tables(reader.file)
        header = reader.header(sealer)
        shard = header.plan.shard
        if shard is None:
            raise UsageError(f"{path} is a whole run, no part of one: only runs with --shard are merged. Leave it out.")
        if header.only is not None:
            raise UsageError(
                f"{path} does only a part of run {header.parent} again. Merge that one; after it, "
                "use --only on the merged run."
            )
        info = reader.info(running=False)
        ((sealed, size, mtime_ns, digest, summary),) = reader.file.select(f"SELECT {_OWN} FROM run")
        return Part(
            path=path,
            shard=shard,
            header=msgspec.structs.replace(header, plan=header.plan.whole()),
            ended=info.ended,
            planned=info.planned,
            seconds=info.seconds,
            sealed=sealed,
            opened=reader.given(sealer) is not None,
            data=(size, mtime_ns, digest),
            load=_load(reader, summary),
        )


def _load(reader: JournalReader, summary: str) -> Load:
    try:
        return msgspec.json.decode(summary, type=_Kept).generator if summary else Load()
    except ValueError as error:
        raise reader.file.broken(error) from error


def _check_once(parts: Sequence[Part]) -> None:
    runs: dict[str, Part] = {}
    shards: dict[Shard, Part] = {}
    for part in parts:
        if (twin := runs.setdefault(part.header.run, part)) is not part:
            raise UsageError(f"{twin.path} and {part.path} are the same run, {part.header.run}. Give it once.")
        if (twin := shards.setdefault(part.shard, part)) is not part:
            raise UsageError(f"{twin.path} and {part.path} are both {part.shard.words}. Give the one that is to count.")


def _check_same(one: Part, other: Part) -> None:
    if one.shard.of != other.shard.of:
        raise UsageError(f"{one.path} is {one.shard.words}, {other.path} is {other.shard.words}: not of one run.")
    differs = next(_differences(one, other), None)
    if differs is not None:
        raise UsageError(
            f"{one.path} and {other.path} are not parts of one run: {differs} is not the same. "
            "Run all parts with the same options and files."
        )


def _differences(one: Part, other: Part) -> Iterator[str]:
    """What is another thing in the two, as text, the files that they read last."""
    yield from _fields(_comparable(one.plan), _comparable(other.plan), "")
    if bool(one.sealed) is not bool(other.sealed):
        yield "what -v gives"
    elif one.opened and other.opened:
        mine, theirs = one.plan.given, other.plan.given
        yield from (f"the variable {name}" for name in sorted({*mine, *theirs}) if mine.get(name) != theirs.get(name))
    mine_data, their_data = _data(one), _data(other)
    if any(None not in pair and pair[0] != pair[1] for pair in zip(mine_data, their_data, strict=True)):
        yield f"the content of {(one.plan.data or Path('the recording')).name}"


def _data(part: Part) -> tuple[int | str | None, ...]:
    size, _, digest = part.data
    return size, digest


def _comparable(plan: Plan) -> dict[str, Any]:
    """The plan as JSON; of its files the names, since each machine has its own folders."""
    plain: dict[str, Any] = msgspec.json.decode(plan_json(plan))
    if plan.data is not None:
        plain["data"] = plan.data.name
    if plan.recording is not None:
        plain["recording"]["path"] = plan.recording.path.name
    return plain


def _fields(one: Mapping[str, Any], other: Mapping[str, Any], place: str) -> Iterator[str]:
    for name, value in one.items():
        theirs = other.get(name)
        if isinstance(value, dict) and isinstance(theirs, dict):
            yield from _fields(value, theirs, f"{place}{name}.")
        elif value != theirs:
            yield f"{place}{name}"
    yield from (f"{place}{name}" for name in other if name not in one)


def broken_parts(paths: Sequence[Path]) -> Iterator[BrokenFile]:
    """Of journals that could not be copied, those that are damaged inside; reads them whole."""
    for path in paths:
        try:
            with JournalReader(path) as reader:
                ((found,), *_) = reader.file.select("PRAGMA quick_check(1)")
        except BrokenFile as error:
            yield error
        else:
            if found != "ok":
                yield BrokenFile(path, f"this journal is damaged: {found}. Copy it anew from where it was made.")
