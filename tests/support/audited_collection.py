"""Run as a program: works through a collection full of code, and says what that made the process do."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from audited import noting

from tui_client.errors import TuiClientError
from tui_client.http.prepare import prepare
from tui_client.kinds.checks import capture, check
from tui_client.model.exchange import BytesBody, Exchange, Response, SentRequest, Timings
from tui_client.storage.inside import locate_in
from tui_client.storage.problems import problems
from tui_client.storage.reader import Reader
from tui_client.template import needs, preview, preview_url, resolve

CODE: Final = (
    "__import__('os').system('id')",
    "{{__import__('os')}}",
    "{{eval('1')}}",
    "${jndi:ldap://127.0.0.1/x}",
    "`id`",
    "$(id)",
    "| id",
    "!!python/object/apply:os.system [id]",
    "{{''.__class__}}",
    "{0.__class__}",
    "%(a)s",
    "cos\\nsystem\\n(S'id'\\ntR.",
    "<?php system(1)?>",
)
FILES: Final = {
    "collection.toml": "format = 1\nbase_url = 'http://127.0.0.1:9'\n[variables]\ncode = '''{code}'''\n",
    "folder/folder.toml": "description = '''{code}'''\n[headers]\nX = '''{code}'''\n",
    "environments/local.toml": "[variables]\nother = '''{code}'''\n",
    "batches/all.toml": "requests = ['a']\ndata = '''{code}'''\n",
    "a.toml": "url = '/a'\n[params]\nq = '''{code}'''\n[body]\nkind = 'text'\ncontent = '''{code}'''\n",
    "b.toml": "url = '''{code}'''\n[auth]\nkind = 'basic'\nusername = '''{code}'''\n[x-script]\nrun = '''{code}'''\n",
    "folder/c.toml": "url = '/c'\n[[assert]]\nquery = 'json'\nexpr = '''{code}'''\nop = 'exists'\n"
    "[[assert]]\nquery = 'xpath'\nexpr = '''{code}'''\nop = 'exists'\n"
    "[[assert]]\nquery = 'regex'\nexpr = '''{code}'''\nop = 'matches'\nvalue = '''{code}'''\n"
    "[capture.x]\nquery = 'json'\nexpr = '''{code}'''\nfilters = [['toDate', '''{code}''']]\n",
    "d.toml": "url = '/d'\n[body]\nkind = 'file'\nfile = '''{code}'''\n",
}


def work(root: Path, code: str) -> int:
    """Do with each request all that is done before and after it is sent; how many there were."""
    for name, text in FILES.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text.replace("{code}", code), encoding="utf-8")
    library = Reader(root)
    for shelf in map(library.shelf, (one.id for one in library.collections())):
        list(problems(shelf))
    (one,) = library.collections()
    keys = library.keys(one.id)
    for key in keys:
        try:
            request = library.effective(key, "local")
            preview(request.url, request.scope)
            preview_url(request, request.scope)
            needs(request, request.scope)
            made = resolve(request, request.scope)
            for body in (json.dumps({"a": code}).encode(), f"<a>{code}</a>".encode()):
                reply = Exchange(
                    SentRequest("GET", made.url, b"/", ()),
                    Response(200, code, "", (), BytesBody(body)),
                    Timings(),
                    datetime.now(UTC),
                )
                check(made.asserts, reply)
                capture(made.captures, reply)
            prepare(made, locate_in(root), environ={})
        except TuiClientError:
            continue
    return len(keys)


def main() -> int:
    """What a plain collection makes the process do is our own code: imports, and annotations that are looked at."""
    with TemporaryDirectory() as folder:
        root = Path(folder)
        work(root, "plain")
        with noting(root) as usual:
            work(root, "plain")
        with noting(root) as noted:
            count = sum(work(root, code) for code in CODE)
    json.dump({"requests": count // len(CODE), "noted": sorted(set(noted) - set(usual))}, sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main())
