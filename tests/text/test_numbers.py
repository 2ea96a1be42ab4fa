"""Numbers read the same everywhere."""

from __future__ import annotations

import pytest

from tui_client.text import format_ahead, format_bytes, format_count, format_duration_ms


@pytest.mark.parametrize(
    ("count", "shown"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1000, "1.0 kB"),
        (1234, "1.2 kB"),
        (999_949, "999.9 kB"),
        (999_950, "1.0 MB"),
        (10_500_000, "10.5 MB"),
        (2_000_000_000, "2.0 GB"),
        (3 * 10**12, "3.0 TB"),
        (5 * 10**15, "5000.0 TB"),
    ],
)
def test_bytes_have_a_unit_that_fits(count: int, shown: str) -> None:
    """A size is a number below a thousand with its unit, as far as units go."""
    assert format_bytes(count) == shown


@pytest.mark.parametrize(
    ("milliseconds", "shown"),
    [
        (0, "0.00 ms"),
        (0.42, "0.42 ms"),
        (12.44, "12.4 ms"),
        (345.6, "346 ms"),
        (9800, "9,800 ms"),
        (12_340, "12.3 s"),
        (125_000, "2:05"),
        (3_723_000, "1:02:03"),
    ],
)
def test_durations_have_a_unit_that_fits(milliseconds: float, shown: str) -> None:
    """Milliseconds below ten seconds, then seconds, minutes and hours."""
    assert format_duration_ms(milliseconds) == shown


def test_counts_have_their_thousands_apart() -> None:
    """Large counts can be read at a glance."""
    assert [format_count(count) for count in (0, 999, 10_000)] == ["0", "999", "10,000"]


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (-5, "now"),
        (0.5, "now"),
        (1, "in 1 s"),
        (59.9, "in 59 s"),
        (60, "in 1 min"),
        (3599, "in 59 min"),
        (3600, "in 1 h"),
        (86_400, "in 1 day"),
        (59 * 86_400, "in 59 days"),
        (60 * 86_400, "in 2 months"),
        (400 * 86_400, "in 13 months"),
        (9000 * 365 * 86_400, "in 9000 years"),
    ],
)
def test_a_moment_ahead(seconds: float, shown: str) -> None:
    """In whole units, never more than is left."""
    assert format_ahead(seconds) == shown
