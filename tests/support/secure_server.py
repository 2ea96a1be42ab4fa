"""A server of TLS in a thread, for commands that run in this process."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from collections.abc import Iterator


class SecureServer:
    """Answers each connection once; `arrived` has the heads of requests. `location`: where it redirects to."""

    def __init__(self, context: ssl.SSLContext) -> None:
        self.arrived: list[str] = []
        self.location = ""
        self._context = context
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.authority = f"127.0.0.1:{self._listener.getsockname()[1]}"
        self.url = f"https://{self.authority}"

    def serve(self) -> None:
        """Until the listener is shut down."""
        with contextlib.suppress(OSError):
            while True:
                raw, _ = self._listener.accept()
                # A client that trusts nobody ends the handshake.
                with contextlib.suppress(OSError), self._context.wrap_socket(raw, server_side=True) as secure:
                    self._answer(secure)

    def _answer(self, secure: ssl.SSLSocket) -> None:
        head = b""
        while b"\r\n\r\n" not in head:
            data = secure.recv(65536)
            if not data:
                return
            head += data
        self.arrived.append(head.decode("latin-1"))
        how = f"302 Found\r\nLocation: {self.location}" if self.location else "200 OK"
        secure.sendall(f"HTTP/1.1 {how}\r\nContent-Length: 2\r\nConnection: close\r\n\r\nhi".encode())

    def close(self) -> None:
        """Stop accepting."""
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()


@contextlib.contextmanager
def secure_server(context: ssl.SSLContext) -> Iterator[SecureServer]:
    """One that is there until the end."""
    server = SecureServer(context)
    thread = threading.Thread(target=server.serve, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.close()
        thread.join(5)
