"""Which report a user means, and how it reaches its file; what holds for all of them."""

from __future__ import annotations

import io
import stat
import tracemalloc
from collections.abc import Callable, Iterable, Iterator
from itertools import repeat
from pathlib import Path
from typing import TypeVar

import msgspec
import pytest
from made_run import HOSTILE, MadeRun
from msgspec.structs import replace

from tui_client.errors import SaveFailed, UsageError
from tui_client.model.step import Replied, StepResult
from tui_client.replay.record import Recorded
from tui_client.replay.reports._report import RunData
from tui_client.replay.reports.catalog import FORMATS, parse_wanted, write_report
from tui_client.text import safe

T = TypeVar("T")


@pytest.mark.parametrize(
    ("text", "name", "path"),
    [
        ("html=report.out", "html", "report.out"),
        ("har=a=b.har", "har", "a=b.har"),
        ("report.html", "html", "report.html"),
        ("out/junit.xml", "junit", "out/junit.xml"),
        ("STEPS.JSONL", "jsonl", "STEPS.JSONL"),
        ("x.json", "json", "x.json"),
        ("a=b.csv", "csv", "a=b.csv"),
        ("x.har", "har", "x.har"),
    ],
)
def test_a_format_is_named_or_told_by_the_suffix(text: str, name: str, path: str) -> None:
    """Nobody has to say twice what the file's name says already."""
    found, file = parse_wanted(text)
    assert (found.name, file) == (name, Path(path))


@pytest.mark.parametrize("text", ["", "report", "report.pdf", ".html", "pdf=report.html2", "html"])
def test_an_unknown_format_is_refused_with_the_list(text: str) -> None:
    """Who guesses wrong is told what there is."""
    with pytest.raises(UsageError) as caught:
        parse_wanted(text)
    assert all(name in caught.value.reason for name in FORMATS)


def test_a_format_without_a_file_is_refused() -> None:
    """The message says what is missing."""
    with pytest.raises(UsageError, match=r"html=FILE"):
        parse_wanted("html=")


def test_a_new_report_is_for_its_owner_only(tmp_path: Path) -> None:
    """Reports tell of servers and people; others on the machine don't read them."""
    write_report(MadeRun(10), FORMATS["csv"], tmp_path / "a.csv")
    assert stat.S_IMODE((tmp_path / "a.csv").stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["a.csv"]


def test_no_report_takes_the_place_of_the_rows(tmp_path: Path) -> None:
    """The one file that the run can't be repeated without; whatever it is called."""
    rows, link = tmp_path / "rows.csv", tmp_path / "link.csv"
    rows.write_text("name\nann\n")
    link.symlink_to(rows)
    run = MadeRun(10)
    run.header = replace(run.header, plan=replace(run.header.plan, data=rows))
    for path in (rows, link):
        with pytest.raises(SaveFailed, match="reads its rows"):
            write_report(run, FORMATS["csv"], path)
    assert rows.read_text() == "name\nann\n"


def test_a_link_to_a_report_stays_a_link(tmp_path: Path) -> None:
    """What it leads to is the new report."""
    (tmp_path / "shared.csv").write_text("old")
    (tmp_path / "a.csv").symlink_to("shared.csv")
    write_report(MadeRun(10), FORMATS["csv"], tmp_path / "a.csv")
    assert (tmp_path / "a.csv").is_symlink() and (tmp_path / "shared.csv").read_text() != "old"


def test_the_mode_of_a_report_that_is_there_stays(tmp_path: Path) -> None:
    """A report that was shared stays shared."""
    file = tmp_path / "a.csv"
    file.write_text("old")
    file.chmod(0o644)
    write_report(MadeRun(10), FORMATS["csv"], file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o644
    assert file.read_text().startswith("row,")


def test_a_report_that_breaks_off_leaves_the_old_one(tmp_path: Path) -> None:
    """A file is old or new, never between."""
    file = tmp_path / "a.jsonl"
    file.write_text("old")
    run = _BreaksOff(50)
    run.broken = True
    with pytest.raises(SaveFailed) as caught:
        write_report(run, FORMATS["jsonl"], file)
    assert caught.value.path == file
    assert file.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["a.jsonl"]


@pytest.mark.parametrize("place", ["missing/a.csv", "."])
def test_a_place_that_takes_no_file_is_said(tmp_path: Path, place: str) -> None:
    """A folder that is not there is a message, not a crash."""
    with pytest.raises(SaveFailed):
        write_report(MadeRun(3), FORMATS["csv"], tmp_path / place)


def test_a_device_is_written_to_and_not_replaced() -> None:
    """A report to /dev/null costs nobody their /dev/null."""
    write_report(MadeRun(3), FORMATS["csv"], Path("/dev/null"))
    assert Path("/dev/null").is_char_device()


@pytest.mark.parametrize("name", FORMATS)
def test_no_control_or_bidi_character_survives(name: str, written: Callable[[str, MadeRun], str]) -> None:
    """Whatever a server names its things, a report is harmless in a terminal, and valid UTF-8."""
    text = written(name, MadeRun(300, HOSTILE))
    text.encode("utf-8")
    assert {char for char in set(text) - {"\n"} if safe(char) != char} == set()


@pytest.mark.parametrize("name", FORMATS)
def test_values_given_on_the_command_line_are_in_no_report(name: str, written: Callable[[str, MadeRun], str]) -> None:
    """They may be secrets."""
    run = MadeRun(60)
    assert run.header.plan.given
    assert "canary-secret" not in written(name, run)


@pytest.mark.parametrize("name", FORMATS)
def test_a_run_without_steps_has_a_report(name: str, written: Callable[[str, MadeRun], str]) -> None:
    """A run that ended before its first step is told of like any other."""
    text = written(name, MadeRun(0))
    assert bool(text) is (name != "jsonl")


@pytest.mark.parametrize("name", FORMATS)
def test_memory_does_not_grow_with_rows(name: str) -> None:
    """Ten times the rows take the same memory, to half a megabyte."""
    sizes = [_Repeated(steps) for steps in (1_000, 10_000)]
    FORMATS[name].write(_Repeated(10), _Nowhere())
    few, many = (_peak_bytes(name, run) for run in sizes)
    assert many - few < 500_000


def _peak_bytes(name: str, run: RunData) -> int:
    tracemalloc.start()
    try:
        FORMATS[name].write(run, _Nowhere())
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


class _Nowhere(io.StringIO):
    def write(self, text: str) -> int:
        return len(text)

    def writelines(self, lines: Iterable[str]) -> None:
        for line in lines:
            self.write(line)


class _BreaksOff(MadeRun):
    """A journal that can't be read on."""

    broken = False

    def records(self) -> Iterator[Recorded]:
        for number, record in enumerate(super().records()):
            if self.broken and number == 10:
                raise OSError(5, "Input/output error")
            yield record


class _Repeated:
    """A run of so many steps, and nearly none of the time it takes to make them up."""

    def __init__(self, steps: int) -> None:
        made = MadeRun(200)
        self._rounds = steps // 200 + 1
        self._results = [_small(result) for result in made.results()]
        self._records = [*made.records()]
        self._failures = [*made.failures()]
        self.header, self.diff = made.header, made.diff
        self.summary = msgspec.structs.replace(made.summary, done=steps, seconds=steps / 50)

    def records(self) -> Iterator[Recorded]:
        for number, record in enumerate(self._around(self._records)):
            yield msgspec.structs.replace(record, finished_s=number / 50)

    def failures(self) -> Iterator[tuple[Recorded, str]]:
        return self._around(self._failures)

    def results(self) -> Iterator[StepResult]:
        return self._around(self._results)

    def _around(self, items: list[T]) -> Iterator[T]:
        return (item for kept in repeat(items, self._rounds) for item in kept)


def _small(result: StepResult) -> StepResult:
    """Without redirects and headers, which take time and no memory that could grow."""
    if not isinstance(result.outcome, Replied):
        return result
    exchange = result.outcome.exchange
    request = msgspec.structs.replace(exchange.request, headers=())
    exchange = msgspec.structs.replace(exchange, hops=(), request=request)
    return msgspec.structs.replace(result, outcome=Replied(exchange))
