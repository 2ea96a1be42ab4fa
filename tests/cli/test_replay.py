"""`tui-client replay`: figures, failures, exit codes."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Cli = Callable[..., Any]
Shop = Callable[..., Path]

KEYS = [
    "run",
    "planned",
    "done",
    "passed",
    "failed",
    "errors",
    "skipped",
    "in_doubt",
    "dropped",
    "retried",
    "late",
    "seconds",
    "requests_per_second",
    "latency_ms",
    "scheduled_latency_ms",
    "by_status",
    "by_error",
    "by_request",
    "by_tag",
    "checks",
    "thresholds",
    "generator",
    "interrupted",
    "ended",
    "journal",
    "reports",
    "diff",
    "error",
]
OK = 'url = "/users"\n'


def test_json_has_exactly_the_documented_keys(cli: Cli, shop: Shop) -> None:
    """One object on stdout, nothing else."""
    shop({"a": OK, "b/c": OK})
    ran = cli("replay", ".", "--json")
    assert ran.code == 0
    assert list(ran.json) == KEYS
    assert list(ran.json["latency_ms"]) == ["p50", "p90", "p95", "p99", "max", "min", "mean"]
    assert (ran.json["planned"], ran.json["done"], ran.json["passed"]) == (2, 2, 2)
    assert ran.json["by_status"] == {"200": 2}


@pytest.mark.parametrize(
    ("files", "arguments", "code"),
    [
        ({"a": OK}, (), 0),
        ({"a": 'url = "/status/500"\n'}, (), 1),
        ({"a": 'url = "/status/500"\n'}, ("--allow-http-errors",), 0),
        ({"a": OK + '[[assert]]\nquery = "status"\nop = "=="\nvalue = 201\n'}, (), 1),
        ({"a": "url = \n"}, (), 3),
        ({"a": 'url = "http://127.0.0.1:9/"\n'}, (), 4),
        ({"a": 'url = "http://127.0.0.1:9/"\n', "b": "url = \n", "c": 'url = "/status/500"\n'}, (), 3),
        ({"a": 'url = "http://127.0.0.1:9/"\n', "c": 'url = "/status/500"\n'}, (), 4),
        ({"a": OK}, ("--concurrency", "0"), 2),
        ({"a": OK}, ("-e", "nowhere"), 2),
        ({"a": OK}, ("--data", "none.csv"), 3),
        ({"a": 'url = "/{{code}}"\n'}, (), 2),
    ],
)
def test_the_exit_code_says_what_was_worst(
    cli: Cli, shop: Shop, files: dict[str, str], arguments: tuple[str, ...], code: int
) -> None:
    """One code for each kind of trouble, in the documented order."""
    shop(files, '[variables]\ncode = { prompt = "Code" }\n')
    assert cli("replay", ".", *arguments).code == code


def test_a_dead_server_is_counted_by_kind(cli: Cli, shop: Shop) -> None:
    """The kind begins with connect, whichever step noticed it."""
    shop({"login": 'url = "/login"\n[capture.token]\nquery = "status"\n', "a": 'url = "/{{token}}"\n'})
    ran = cli("replay", "login", "a", "-v", "base_url=http://127.0.0.1:9", "--json")
    assert ran.code == 4
    assert ran.json["by_error"] == {"connect.refused": 1}


def test_targets_choose_folders_globs_and_keys(cli: Cli, shop: Shop) -> None:
    """In the order of the targets, none twice."""
    shop({"users/a": OK, "users/b": OK, "orders/c": OK})
    for targets, count in ((("users",), 2), (("users/*", "orders/c"), 3), (("users/a", "users/a"), 1), ((".",), 3)):
        assert cli("replay", *targets, "--json").json["planned"] == count
    ran = cli("replay", "user")
    assert ran.code == 2 and "users/" in ran.err


def test_rows_of_a_file_feed_the_steps(cli: Cli, shop: Shop) -> None:
    """Each row is one session; a ragged one is named, the rest is sent, the exit code says so."""
    shop({"a": 'url = "/echo"\n[params]\nname = "{{name}}"\n'})
    Path("users.csv").write_text("name,age\nAda,36\nBob\nCy,7\n")
    ran = cli("replay", "a", "--data", "users.csv", "--concurrency", "4", "--json")
    assert ran.code == 3
    assert (ran.json["planned"], ran.json["passed"], ran.json["errors"]) == (3, 2, 1)
    assert ran.json["by_error"] == {"data.row": 1}
    assert "Row 2 of users.csv can't be used: line 3 has 1 cells, the header has 2" in ran.err


def test_a_missing_column_is_said_before_anything_is_sent(cli: Cli, shop: Shop) -> None:
    """The variable and the columns of the file are named."""
    shop({"a": 'url = "/echo"\n[params]\nname = "{{full_name}}"\n'})
    Path("users.csv").write_text("name\nAda\n")
    ran = cli("replay", "a", "--data", "users.csv")
    assert ran.code == 4
    assert "full_name" in ran.err and "users.csv has the columns name" in ran.err


def test_iterations_and_bail(cli: Cli, shop: Shop) -> None:
    """The steps are done so often; bail ends at the first failure."""
    shop({"a": OK, "b": 'url = "/status/500"\n'})
    assert cli("replay", "a", "--iterations", "5", "--json").json["done"] == 5
    assert cli("replay", ".", "--iterations", "5", "--bail", "--json").json["done"] == 2


def test_a_saved_batch_is_a_target(cli: Cli, shop: Shop) -> None:
    """Its data lies beside it, and it is replayed alone."""
    shop(
        {
            "a": 'url = "/echo"\n[params]\nname = "{{name}}"\n',
            "batches/nightly": 'requests = ["a"]\ndata = "users.csv"\nconcurrency = 2\nrate = 500\n',
        }
    )
    Path("collections/shop/batches/users.csv").write_text("name\nAda\nBob\n")
    ran = cli("replay", "batches/nightly", "--json")
    assert (ran.code, ran.json["passed"]) == (0, 2)
    assert cli("replay", "batches/nightly", "a").code == 2
    assert cli("replay", "batches/nightli").code == 2


def test_data_outside_the_collection_needs_a_grant_in_a_batch(cli: Cli, shop: Shop) -> None:
    """A batch can't feed files of the user's into requests unasked; --data on the command line can."""
    shop({"a": OK, "batches/x": 'requests = ["a"]\ndata = "../../../users.csv"\n'})
    Path("users.csv").write_text("name\nAda\n")
    ran = cli("replay", "batches/x")
    assert ran.code == 2 and "--grant file:" in ran.err
    assert cli("replay", "batches/x", "--grant", "file:users.csv").code == 0


def test_the_failures_are_listed_up_to_a_number(cli: Cli, shop: Shop) -> None:
    """A thousand failures are not a thousand lines."""
    shop({"a": 'url = "/status/500"\n'})
    ran = cli("replay", "a", "--iterations", "60", "--concurrency", "8")
    assert ran.err.count("/status/500") == 20
    assert "60 failed" in ran.out


def test_ctrl_c_lets_what_is_in_flight_end_and_exits_with_130(shop: Shop) -> None:
    """The request on its way is answered and counted, no other is sent, the figures are printed."""
    shop({"a": 'url = "/x"\n'})
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(20)
        base_url = f"base_url=http://127.0.0.1:{listener.getsockname()[1]}"
        command = [sys.executable, "-m", "tui_client", "replay", "a", "--iterations", "100", "--json", "-v", base_url]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
            connection, _ = listener.accept()
            with connection:
                connection.recv(65536)
                process.send_signal(signal.SIGINT)
                assert process.stderr is not None
                assert "Stopping" in process.stderr.readline()
                connection.sendall(b"HTTP/1.1 204 No Content\r\n\r\n")
                out, _ = process.communicate(timeout=20)
    found = json.loads(out)
    assert process.returncode == 130
    assert (found["planned"], found["done"], found["passed"]) == (100, 1, 1)
