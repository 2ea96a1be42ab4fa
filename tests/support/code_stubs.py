"""Stand-ins for libraries that are not installed here: requests and Locust over httpx, k6 and HTTPie as recorders."""

from __future__ import annotations

from pathlib import Path
from typing import Final

REQUESTS: Final = """
from urllib.parse import urlencode
import httpx
from . import auth as own

Response = httpx.Response

class Session:
    max_redirects = 30

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def post(self, url, **more):
        return self.request("POST", url, **more)

    def request(self, method, url, *, headers=None, data=None, files=None, auth=None, timeout, allow_redirects=True,
                verify=True, cert=None, proxies=None, name=None):
        headers = dict(headers or {})
        assert all(isinstance(value, bytes) or value.encode("latin-1") is not None for value in headers.values())
        if isinstance(data, list):
            data = urlencode(data, doseq=True)
            headers.setdefault("Content-Type", "application/x-www-form-urlencoded")
        if isinstance(auth, own.HTTPDigestAuth):
            auth = httpx.DigestAuth(*auth.pair)
        elif auth:
            auth = tuple(part if isinstance(part, bytes) else part.encode("latin-1") for part in auth)
        with httpx.Client(verify=verify, timeout=timeout[1], max_redirects=self.max_redirects) as client:
            return client.request(method, url, headers=list(headers.items()), content=data, files=files, auth=auth,
                                  follow_redirects=allow_redirects)

httpx.Response.reason = property(lambda response: response.reason_phrase)

def post(url, **more):
    return Session().post(url, **more)
"""
REQUESTS_AUTH: Final = """
class HTTPDigestAuth:
    def __init__(self, *pair):
        self.pair = pair
"""
LOCUST: Final = """
import requests

class HttpUser:
    def __init__(self):
        self.client = requests.Session()

def constant(seconds):
    return lambda: seconds

def task(function):
    function.is_task = True
    return function
"""
LOCUST_RUN: Final = """
import program
user = program.Requests()
if hasattr(user, "on_start"):
    user.on_start()
for name, value in vars(program.Requests).items():
    if getattr(value, "is_task", False):
        value(user)
print(user.host)
"""
# What http.request is given is recorded; a token is granted to everybody.
K6_HTTP: Final = """
const shown = (body) => body === null ? null : Buffer.from(body).toString("base64");
const record = (method, url, body, params) => {
  globalThis.calls.push({ method, url, body: shown(body), params });
  return { json: (name) => name === "access_token" ? "granted" : undefined };
};
export default { request: record, post: (url, body, params) => record("POST", url, body, params) };
"""
K6_ENCODING: Final = """
export default {
  b64encode: (text) => Buffer.from(text).toString("base64"),
  b64decode: (text) => new Uint8Array(Buffer.from(text, "base64")).buffer,
};
"""
K6_RUN: Final = """
import { readFileSync } from "node:fs";
globalThis.__ENV = process.env;
globalThis.calls = [];
globalThis.open = (path, mode) => mode === "b" ? new Uint8Array(readFileSync(path)).buffer : `text of ${path}`;
const script = await import("./script.mjs");
script.default();
console.log(JSON.stringify({ options: script.options, calls: globalThis.calls }));
"""
HTTP: Final = """#!/bin/sh
for word; do printf '%s\\0' "$word"; done
printf '\\0'
"""


def put_requests(folder: Path) -> None:
    """A library `requests` that sends with httpx, and `locust` whose users send with that."""
    _put(folder / "requests" / "__init__.py", REQUESTS)
    _put(folder / "requests" / "auth.py", REQUESTS_AUTH)
    _put(folder / "locust.py", LOCUST)
    _put(folder / "run_locust.py", LOCUST_RUN)


def put_k6(folder: Path) -> None:
    """k6's modules and a program that runs one iteration of script.mjs and prints all its calls."""
    modules = folder / "node_modules" / "k6"
    _put(modules / "package.json", '{"exports": {"./http": "./http.mjs", "./encoding": "./encoding.mjs"}}')
    _put(modules / "http.mjs", K6_HTTP)
    _put(modules / "encoding.mjs", K6_ENCODING)
    _put(folder / "run.mjs", K6_RUN)


def put_http(folder: Path) -> None:
    """A command `http` that prints the words it is given, each with a NUL after it, and one more at the end."""
    _put(folder / "http", HTTP)
    (folder / "http").chmod(0o755)


def _put(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
