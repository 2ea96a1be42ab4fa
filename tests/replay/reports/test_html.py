"""The HTML page."""

from __future__ import annotations

import base64
import hashlib
import io
import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import lxml.html
import msgspec
import pytest
from lxml import etree
from made_run import DIFF, HOSTILE, MadeRun

from tui_client.replay.generator import Load
from tui_client.replay.reports.catalog import FORMATS, write_report
from tui_client.text import safe_line

Written = Callable[[str, MadeRun], str]
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
ADVICE = "The generator was the limit. Lower the rate."


def elements(page: lxml.html.HtmlElement, path: str) -> list[lxml.html.HtmlElement]:
    found = page.xpath(path)
    assert isinstance(found, list)
    return [one for one in found if isinstance(one, lxml.html.HtmlElement)]


def rows(page: lxml.html.HtmlElement, table: str) -> list[list[str]]:
    return [[cell.text_content() for cell in row] for row in elements(page, f"//table[@id='{table}']/tbody/tr")]


def test_everything_of_a_run_is_on_the_page(written: Written) -> None:
    """Thresholds, plots, tables, failures with reasons, differences and the warning."""
    run = MadeRun(900, diff=DIFF, generator=Load(0.97, 80.0, True, ADVICE))
    page = lxml.html.document_fromstring(written("html", run))
    assert [row[2] for row in rows(page, "thresholds")] == ["✓ kept", "✗ broken", "✓ kept"]
    assert len(elements(page, "//*[local-name()='svg'][@class='plot']")) == 3
    assert [row[0] for row in rows(page, "by-request")] == ["users/list", "users/create", "orders/by.day"]
    assert {row[0] for row in rows(page, "by-tag")} == {"crud", "smoke", "checkout"}
    assert len(rows(page, "slowest")) == 20
    assert [row[4] for row in rows(page, "failures")] == [safe_line(reason) for _, reason in run.failures()]
    assert [row[0] for row in rows(page, "diff")] == ["users/list row 118", "users/create row 7"]
    assert ADVICE in page.text_content()
    assert str(run.summary.passed) in page.text_content()


def test_a_run_that_went_well_says_so(written: Written) -> None:
    """The first line answers the first question."""
    page = lxml.html.document_fromstring(written("html", MadeRun(60, all_well=True)))
    (verdict,) = elements(page, "//p[contains(@class, 'verdict')]")
    assert verdict.text_content() == "✓ All 60 steps passed. All thresholds were kept."
    assert not rows(page, "failures")


@pytest.mark.parametrize("ended", ["", "stopped", "bail", "duration", "setup", "problem"])
def test_a_run_cut_short_says_so(written: Written, ended: str) -> None:
    """Nobody takes half a run for a whole one."""
    run = MadeRun(60, all_well=True)
    run.summary = msgspec.structs.replace(run.summary, ended=ended)
    page = lxml.html.document_fromstring(written("html", run))
    assert len(elements(page, "//p[@class='note']")) == 1
    (verdict,) = elements(page, "//p[contains(@class, 'verdict')]")
    assert verdict.text_content() == "60 steps passed, none failed; not all were done."


def test_a_run_whose_replies_changed_did_not_go_well(written: Written) -> None:
    """A difference fails a run, so the first line says it."""
    page = lxml.html.document_fromstring(written("html", MadeRun(60, all_well=True, diff=DIFF)))
    (verdict,) = elements(page, "//p[contains(@class, 'verdict')]")
    assert verdict.text_content() == "✗ 2 steps are not as they were."


def test_no_name_becomes_markup(written: Written) -> None:
    """A server can't put an element, a handler or a link into the page."""
    page = lxml.html.document_fromstring(written("html", MadeRun(300, HOSTILE)))
    assert len(elements(page, "//script")) == 1
    assert {element.tag for element in elements(page, "//img|//iframe|//object|//link|//base|//form")} == set()
    names = {str(name) for element in page.iter(etree.Element) for name in element.attrib}
    assert not {name for name in names if name.startswith("on") or name in ("style", "src")}
    assert {element.get("href") for element in elements(page, "//a")} <= {"#failures"}
    shown = {row[0] for row in rows(page, "by-request")}
    assert shown == {safe_line(name) for name in HOSTILE}


def test_nothing_is_loaded_and_only_its_own_script_runs(written: Written) -> None:
    """The policy names the hashes of the style and the script that are there, and lets nothing else in."""
    text = written("html", MadeRun(60, HOSTILE))
    page = lxml.html.document_fromstring(text)
    (policy,) = [str(meta.get("content")) for meta in elements(page, "//meta[@http-equiv='Content-Security-Policy']")]
    assert policy.startswith("default-src 'none'; ")
    for name in ("style", "script"):
        content = text.split(f"<{name}>")[1].split(f"</{name}>")[0]
        digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
        assert f"{name}-src 'sha256-{digest}'" in policy
    assert "unsafe" not in policy
    assert not re.findall(r"""(?:src|href)\s*=\s*["']?\s*(?:https?:)?//|url\(\s*["']?(?!#)|@import""", text)


def _browser() -> str:
    found = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if found is None:
        pytest.skip(f"no browser here; looked for {', '.join(BROWSERS)}")
    return found


def _opened(page: Path) -> tuple[lxml.html.HtmlElement, list[str]]:
    """The page as a browser has it after its script, and what the browser says to the console."""
    command = [_browser(), "--headless=new", "--no-sandbox", "--disable-gpu", "--enable-logging=stderr", "--v=0"]
    command += [f"--user-data-dir={page.parent / 'profile'}", "--dump-dom", page.as_uri()]
    environment = {**os.environ, "HOME": str(page.parent)}
    done = subprocess.run(command, capture_output=True, timeout=120, check=False, env=environment)
    said = [line for line in done.stderr.decode(errors="replace").splitlines() if "CONSOLE" in line]
    return lxml.html.document_fromstring(done.stdout.decode()), said


def test_a_browser_draws_it_without_a_complaint(tmp_path: Path) -> None:
    """The page works in a real browser: no console message, all plots have marks, and its script may run."""
    write_report(MadeRun(600, HOSTILE, DIFF), FORMATS["html"], tmp_path / "report.html")
    page, said = _opened(tmp_path / "report.html")
    assert said == []
    assert elements(page, "//table[@id='failures']/thead//button")
    for name in ("latency", "rate", "histogram"):
        svg = f"//*[@id='plot-{name}']"
        assert elements(page, f"{svg}//*[local-name()='path'][string-length(@d) > 10] | {svg}//*[local-name()='rect']")
        assert len(elements(page, f"{svg}//*[local-name()='title']")) > 10


def test_a_browser_lets_no_other_script_run(tmp_path: Path) -> None:
    """Should markup ever get through, the policy stops it."""
    text = _text(MadeRun(30))
    (tmp_path / "report.html").write_text(text.replace("</main>", "<script>document.title = 'x'</script></main>"))
    page, said = _opened(tmp_path / "report.html")
    assert page.findtext(".//title") == "batches/nightly · replay"
    assert len(said) == 1
    assert "Content Security Policy" in said[0]


def test_a_table_sorts_at_a_click(tmp_path: Path) -> None:
    """Numbers go by their value and not by their digits, the largest first."""
    text = re.sub("<meta http-equiv[^>]*>", "", _text(MadeRun(900)))
    click = "document.querySelector('#by-request th:nth-child(6) button').click()"
    (tmp_path / "report.html").write_text(text.replace("</body>", f"<script>{click}</script></body>"))
    page, _ = _opened(tmp_path / "report.html")
    medians = [group.latency.p50 or 0.0 for group in MadeRun(900).summary.by_request]
    assert medians != sorted(medians, reverse=True)
    shown = [float(row[5].removesuffix(" ms")) for row in rows(page, "by-request")]
    assert shown == pytest.approx(sorted(medians, reverse=True), abs=0.06)


def _text(run: MadeRun) -> str:
    out = io.StringIO()
    FORMATS["html"].write(run, out)
    return out.getvalue()
