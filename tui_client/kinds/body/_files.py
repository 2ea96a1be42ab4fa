"""What the body kinds that carry files share."""

from __future__ import annotations

import mimetypes

from tui_client.errors import Failure, FailureKind, RequestFailed
from tui_client.model.content import FileSegment, Locate


def file_segment(written: str, locate: Locate) -> FileSegment:
    """The file that a request names. Raises RequestFailed (file.missing, file.outside)."""
    if "\0" in written:
        # Python has no OSError for it.
        raise RequestFailed(Failure(FailureKind.FILE_MISSING, written, detail="no path has a NUL"))
    path = locate(written)
    try:
        size = path.stat().st_size
    except OSError as error:
        detail = error.strerror or str(error)
        raise RequestFailed(Failure(FailureKind.FILE_MISSING, written, detail=detail)) from None
    if not path.is_file():
        raise RequestFailed(Failure(FailureKind.FILE_MISSING, written, detail="it is not a file"))
    return FileSegment(path, size)


def guessed_type(name: str) -> str:
    """The media type that a file's name suggests."""
    guess, encoding = mimetypes.guess_type(name)
    # "a.json.gz" holds gzip, not JSON.
    return guess if guess and not encoding else "application/octet-stream"
