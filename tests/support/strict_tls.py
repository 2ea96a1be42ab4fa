"""A TLS server of blocking sockets: asyncio's own closes without the alert that other servers send."""

from __future__ import annotations

import contextlib
import os
import socket
import ssl
import threading


class StrictServer:
    """Answers one request a connection, or ends the handshake with its alert. heads: what requests arrived."""

    def __init__(self, context: ssl.SSLContext) -> None:
        self.heads: list[bytes] = []
        self._context = context
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def url(self, path: str = "/") -> str:
        return f"https://127.0.0.1:{self.port}{path}"

    def close(self) -> None:
        """End the server."""
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(5)

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                raw, _ = self._listener.accept()
                with self._context.wrap_socket(raw, server_side=True, do_handshake_on_connect=False) as secure:
                    self._answer(secure)

    def _answer(self, secure: ssl.SSLSocket) -> None:
        try:
            secure.do_handshake()
            if head := secure.recv(65536):
                self.heads.append(head)
                secure.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nhi")
        except OSError:
            # Unread bytes would turn the close into a reset, which may overtake the alert.
            with contextlib.suppress(OSError):
                while os.read(secure.fileno(), 65536):
                    pass
