"""A web server of the built site that compresses, as static hosts do."""

import functools
import gzip
import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email.utils import formatdate
from pathlib import Path
from urllib.parse import unquote, urlsplit

# What is compressed already gains nothing.
_COMPRESSED = {".gif", ".jpg", ".png", ".webp", ".woff", ".woff2", ".zip"}
_LASTING = "public, max-age=31536000, immutable"
_SHORT = "public, max-age=600"


@functools.cache
def packed(path: Path, modified: int) -> bytes:
    """Return the file as it travels; `modified` makes an edited file new."""
    data = path.read_bytes()
    if path.suffix in _COMPRESSED:
        return data
    return gzip.compress(data, 6, mtime=0)


class Handler(http.server.SimpleHTTPRequestHandler):
    """Answers with gzip, a type and a time to keep; connections stay open."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *arguments: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        """Send a file, or a short page that says there is none."""
        url = urlsplit(self.path)
        path = Path(self.translate_path(unquote(url.path)))
        if path.is_dir():
            path /= "index.html"
        if not path.is_file():
            self.send_error(404)
            return
        modified = path.stat().st_mtime_ns
        body = packed(path, modified)
        self.send_response(200)
        kind = self.guess_type(path)
        is_text = kind.startswith("text/") or kind.endswith("javascript")
        self.send_header(
            "Content-Type", f"{kind}; charset=utf-8" if is_text else kind
        )
        if path.suffix not in _COMPRESSED:
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.send_header(
            "Last-Modified", formatdate(modified / 1e9, usegmt=True)
        )
        self.send_header("Vary", "Accept-Encoding")
        # A page is asked for again soon; what bears a version never changes.
        page = path.suffix == ".html"
        self.send_header("Cache-Control", _SHORT if page else _LASTING)
        self.end_headers()
        self.wfile.write(body)


class _Server(http.server.ThreadingHTTPServer):
    def handle_error(self, *arguments: object) -> None:
        """Say nothing: a page that is left breaks its connections off."""


@contextmanager
def serve(folder: Path) -> Iterator[str]:
    """Serve `folder` while the context lasts; yield the address."""
    handler = functools.partial(Handler, directory=str(folder))
    with _Server(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()
