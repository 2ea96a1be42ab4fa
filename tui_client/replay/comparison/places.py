"""From the place of a difference to the path that leaves it out."""

from __future__ import annotations

from tui_client.replay.diff.places import generalised


def to_ignore(place: str) -> str:
    """The path with every index as [*] but one at its end: "$.items[*].tags[2]".

    The same field of other elements differs as well, and elements that come and go move the indices.
    """
    head, bracket, last = place.rpartition("[")
    if bracket and last.rstrip("]").isdigit():
        return f"{generalised(head)}[{last}"
    return generalised(place)
