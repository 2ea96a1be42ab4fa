"""Where a reader is in a document: what it says of a construct bears the name of the place."""

from __future__ import annotations

from tui_client.formats._found import Report


class Spot:
    """A request, a folder or a whole document; a format's own kind of it knows its templates too."""

    __slots__ = ()

    report: Report
    origin: str

    def imported(self, construct: str, why: str) -> None:
        """It is there in another form."""
        self.report.imported(self.origin, construct, why)

    def approximated(self, construct: str, why: str) -> None:
        """It is there, and means nearly the same."""
        self.report.approximated(self.origin, construct, why)

    def kept(self, construct: str, why: str) -> None:
        """It is kept as text."""
        self.report.kept(self.origin, construct, why)

    def dropped(self, construct: str, why: str) -> None:
        """It is not there."""
        self.report.dropped(self.origin, construct, why)
