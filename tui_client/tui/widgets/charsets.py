"""Bodies whose charset can't be cut into rows, made into ones that can; and the charsets there are to choose from."""

from __future__ import annotations

import asyncio
import codecs
import io
from typing import IO, Final

from tui_client.model.exchange import BodyContent, BytesBody
from tui_client.tui.widgets.file_body import FileBody

LARGEST: Final = 128 << 20
_IN_MEMORY: Final = 1 << 20
_STEP: Final = 1 << 16
# In these a line feed is always the byte 0x0A, and a character is one byte.
_SINGLE_BYTE: Final = ("ascii", "iso8859-", "cp125", "cp437", "cp850", "cp866", "koi8-", "mac-")

# Python's name, the one that people know, and where it is used.
CHARSETS: Final = (
    ("utf-8", "UTF-8", "Unicode"),
    ("utf-16-le", "UTF-16 LE", "Unicode, little endian"),
    ("utf-16-be", "UTF-16 BE", "Unicode, big endian"),
    ("utf-32-le", "UTF-32 LE", "Unicode, little endian"),
    ("utf-32-be", "UTF-32 BE", "Unicode, big endian"),
    ("cp1252", "windows-1252", "Western European"),
    ("iso8859-1", "ISO-8859-1", "Western European, Latin 1"),
    ("iso8859-15", "ISO-8859-15", "Western European with the euro, Latin 9"),
    ("cp850", "IBM850", "Western European, DOS"),
    ("cp437", "IBM437", "American, DOS"),
    ("mac-roman", "macintosh", "Western European, old Mac"),
    ("cp1250", "windows-1250", "Central European"),
    ("iso8859-2", "ISO-8859-2", "Central European, Latin 2"),
    ("iso8859-16", "ISO-8859-16", "South-Eastern European, Latin 10"),
    ("cp1257", "windows-1257", "Baltic"),
    ("iso8859-13", "ISO-8859-13", "Baltic, Latin 7"),
    ("iso8859-4", "ISO-8859-4", "Northern European, Latin 4"),
    ("iso8859-10", "ISO-8859-10", "Nordic, Latin 6"),
    ("iso8859-3", "ISO-8859-3", "Southern European, Latin 3"),
    ("cp1251", "windows-1251", "Cyrillic"),
    ("koi8-r", "KOI8-R", "Russian"),
    ("koi8-u", "KOI8-U", "Ukrainian"),
    ("iso8859-5", "ISO-8859-5", "Cyrillic"),
    ("cp866", "IBM866", "Cyrillic, DOS"),
    ("cp1253", "windows-1253", "Greek"),
    ("iso8859-7", "ISO-8859-7", "Greek"),
    ("cp1254", "windows-1254", "Turkish"),
    ("iso8859-9", "ISO-8859-9", "Turkish, Latin 5"),
    ("cp1255", "windows-1255", "Hebrew"),
    ("iso8859-8", "ISO-8859-8", "Hebrew"),
    ("cp1256", "windows-1256", "Arabic"),
    ("iso8859-6", "ISO-8859-6", "Arabic"),
    ("cp1258", "windows-1258", "Vietnamese"),
    ("cp874", "windows-874", "Thai"),
    ("shift_jis", "Shift_JIS", "Japanese"),
    ("cp932", "windows-31j", "Japanese, Windows"),
    ("euc_jp", "EUC-JP", "Japanese"),
    ("iso2022_jp", "ISO-2022-JP", "Japanese"),
    ("gb18030", "GB18030", "Chinese, simplified"),
    ("gbk", "GBK", "Chinese, simplified"),
    ("big5", "Big5", "Chinese, traditional"),
    ("big5hkscs", "Big5-HKSCS", "Chinese, Hong Kong"),
    ("euc_kr", "EUC-KR", "Korean"),
    ("cp949", "windows-949", "Korean, Windows"),
    ("ascii", "US-ASCII", "English"),
)


def by_rows(charset: str) -> bool:
    """Whether rows of this charset can be decoded apart from each other."""
    return charset == "utf-8" or charset.startswith(_SINGLE_BYTE)


async def to_utf8(content: BodyContent, charset: str) -> BodyContent | None:
    """The same text in UTF-8 without its mark, made in small steps; None where there is no room for it.

    Past 1 MiB it is a file without a name; past 128 MiB it is not made.
    """
    if content.size > LARGEST:
        return None
    import tempfile

    decoder = codecs.getincrementaldecoder(charset)("replace")
    mark = "\ufeff"
    try:
        out: IO[bytes] = io.BytesIO() if content.size <= _IN_MEMORY else tempfile.TemporaryFile()  # noqa: SIM115 - it stays open
        for start in range(0, content.size, _STEP):
            text = decoder.decode(content.read(start, _STEP)).removeprefix(mark)
            out.write(text.encode("utf-8", "replace"))
            mark = "" if text else mark
            await asyncio.sleep(0)
        out.write(decoder.decode(b"", final=True).encode("utf-8", "replace"))
        # What is still in the buffer of the file may be what the disk has no room for.
        return BytesBody(out.getvalue()) if isinstance(out, io.BytesIO) else FileBody(out)
    except OSError:
        return None
