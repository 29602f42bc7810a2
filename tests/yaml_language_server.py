"""yaml-language-server, which reads our schemas in VS Code, Neovim, Emacs and Eclipse, asked as an editor asks it.

The npm package is installed once into the environment that runs the tests. It is kept off the network: schemas are files.
"""

from __future__ import annotations

import itertools
import json
import os
import queue
import shutil
import subprocess
import tempfile
import threading
from pathlib import Path
from typing import Any, NamedTuple

VERSION = "1.25.0"
INTEGRITY = "sha512-SDMkX/TWbP7yzTpvB5PAvirdfwlB+oqkXRZLQ6jR4f1XP42cF/mVeN35Mc1TIG2Dh0dpW82V3NSZ7vaVrdSyZw=="
_PACKAGE = "yaml-language-server"
_NOBODY = "http://127.0.0.1:9"
_TIMEOUT_SECONDS = 120


class Diagnostic(NamedTuple):
    """What the editor underlines: `line` is 1-based."""

    line: int
    message: str


def is_installable() -> bool:
    """Whether npm and node are there, which the server comes from and runs on."""
    return shutil.which("npm") is not None and shutil.which("node") is not None


def install(folder: Path) -> Path:
    """The server's program, installed with npm as *folder* unless it is there already."""
    npm = shutil.which("npm")
    assert npm is not None
    if not folder.exists():
        folder.parent.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(prefix=_PACKAGE, dir=folder.parent))
        options = ("--ignore-scripts", "--no-audit", "--no-fund", "--loglevel", "error", "--prefix", draft)
        subprocess.run([npm, "install", *options, f"{_PACKAGE}@{VERSION}"], check=True, timeout=_TIMEOUT_SECONDS)
        lock = json.loads((draft / "node_modules" / ".package-lock.json").read_bytes())
        assert lock["packages"][f"node_modules/{_PACKAGE}"]["integrity"] == INTEGRITY
        draft.rename(folder)
    return folder / "node_modules" / _PACKAGE / "bin" / _PACKAGE


class Editor:
    """An editor with the server behind it; a context manager.

    *schemas* are the editor's setting `yaml.schemas`: address or path of a schema to patterns of files.
    """

    def __init__(self, server: Path, root: Path, schemas: dict[str, list[str]]) -> None:
        node = shutil.which("node")
        assert node is not None
        self._root = root
        self._settings = {
            "yaml": {
                "schemas": schemas,
                "validate": True,
                "hover": True,
                "completion": True,
                "schemaStore": {"enable": False},
            }
        }
        self._process = subprocess.Popen(
            [node, str(server), "--stdio"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "HTTP_PROXY": _NOBODY, "HTTPS_PROXY": _NOBODY, "NO_PROXY": ""},
        )
        self._numbers = itertools.count(1)
        self._answers: queue.Queue[dict[str, Any]] = queue.Queue()
        self._diagnostics: queue.Queue[dict[str, Any]] = queue.Queue()
        threading.Thread(target=self._listen, daemon=True).start()

    def __enter__(self) -> Editor:
        capabilities = {
            "workspace": {"configuration": True},
            "textDocument": {"hover": {"contentFormat": ["markdown"]}},
        }
        self._ask("initialize", {"processId": None, "rootUri": self._root.as_uri(), "capabilities": capabilities})
        self._send({"method": "initialized", "params": {}})
        return self

    def __exit__(self, *_: object) -> None:
        self._ask("shutdown", None)
        self._send({"method": "exit"})
        self._process.wait(_TIMEOUT_SECONDS)
        for stream in (self._process.stdin, self._process.stdout):
            assert stream is not None
            stream.close()

    def open(self, name: str, text: str) -> list[Diagnostic]:
        """Open a file *name* with *text*, whether or not it is on disk: what the editor underlines, from top to bottom."""
        uri = (self._root / name).as_uri()
        document = {"uri": uri, "languageId": "yaml", "version": next(self._numbers), "text": text}
        self._send({"method": "textDocument/didOpen", "params": {"textDocument": document}})
        while True:
            told = self._diagnostics.get(timeout=_TIMEOUT_SECONDS)
            if told["uri"] == uri:
                return sorted(
                    Diagnostic(one["range"]["start"]["line"] + 1, one["message"]) for one in told["diagnostics"]
                )

    def hover(self, name: str, line: int, column: int) -> str:
        """What the editor shows for the character at *line* and *column* (1-based) of an open file; empty for nothing."""
        found = self._ask("textDocument/hover", self._place(name, line, column))
        return str(found["contents"]["value"]) if found else ""

    def complete(self, name: str, line: int, column: int) -> list[str]:
        """What the editor offers to write at *line* and *column* (1-based) of an open file, sorted."""
        found = self._ask("textDocument/completion", self._place(name, line, column))
        return sorted(item["label"] for item in found["items"])

    def _place(self, name: str, line: int, column: int) -> dict[str, Any]:
        uri = (self._root / name).as_uri()
        return {"textDocument": {"uri": uri}, "position": {"line": line - 1, "character": column - 1}}

    def _ask(self, method: str, params: object) -> Any:
        number = next(self._numbers)
        self._send({"id": number, "method": method, "params": params})
        while True:
            answer = self._answers.get(timeout=_TIMEOUT_SECONDS)
            if answer["id"] == number:
                return answer.get("result")

    def _send(self, message: dict[str, Any]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        stream = self._process.stdin
        assert stream is not None
        stream.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        stream.flush()

    def _listen(self) -> None:
        stream = self._process.stdout
        assert stream is not None
        while header := stream.readline():
            length = int(header.partition(b":")[2])
            while stream.readline().strip():
                pass
            self._take(json.loads(stream.read(length)))

    def _take(self, message: dict[str, Any]) -> None:
        match message.get("method"):
            case None:
                self._answers.put(message)
            case "textDocument/publishDiagnostics":
                self._diagnostics.put(message["params"])
            case "workspace/configuration":
                asked = message["params"]["items"]
                self._send({"id": message["id"], "result": [self._settings.get(one["section"], {}) for one in asked]})
            case _ if "id" in message:
                self._send({"id": message["id"], "result": None})
