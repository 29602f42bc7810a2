"""Microsoft's SARIF validator, and what it says of a log.

The package of the platform is installed once into the environment that runs the tests. The validator ends with 0 even
where it found errors, so what counts is the log that it writes. It is silent on a log that it cannot read at all, such
as one with text for a number. So it is kept off the network: then it has one thing to say of every log that it did
read, namely that it cannot reach the schema's address.
"""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

VERSION = "5.7.0"
NEEDS_NETWORK = "SARIF2006"

_PACKAGE = f"@microsoft/sarif-multitool-{sys.platform}"
_BINARY = "Sarif.Multitool.exe" if sys.platform == "win32" else "Sarif.Multitool"
_WORDS = ("--rule-kind", "Sarif;Ghas", "--level", "Error;Warning;Note", "--log", "ForceOverwrite")
_NO_SIZE_LIMIT = ("--max-file-size-in-kb", "1000000")
_TIMEOUT_SECONDS = 600
_NOBODY = "http://127.0.0.1:9"
_SETTINGS = {
    **dict.fromkeys(("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"), _NOBODY),
    **dict.fromkeys(("no_proxy", "NO_PROXY"), ""),
    # Collecting garbage at its leisure would take the validator a third more time.
    "DOTNET_gcConcurrent": "0",
    "DOTNET_GCgen0size": "0x10000000",
    "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1",
}


class Message(NamedTuple):
    """One thing that the validator has to say."""

    level: str
    rule: str
    text: str


class Validation(NamedTuple):
    """A validation that is under way: `messages` waits for it."""

    process: subprocess.Popen[str]
    result: Path

    def messages(self) -> list[Message]:
        """What the validator says of the log, at all levels."""
        output, _ = self.process.communicate(timeout=_TIMEOUT_SECONDS)
        assert "Done. 1 files scanned." in output, output
        run = json.loads(self.result.read_text(encoding="utf-8-sig"))["runs"][0]
        assert run["invocations"][0]["executionSuccessful"], output
        messages = list(map(_read, run["results"]))
        assert any(message.rule == NEEDS_NETWORK for message in messages), "the validator could not read the log"
        return [message for message in messages if message.rule != NEEDS_NETWORK]


def is_installable() -> bool:
    """Whether npm is there to install the validator with."""
    return shutil.which("npm") is not None


def install(folder: Path) -> Path:
    """The validator's program, installed with npm below *folder* unless it is there already."""
    package = folder / "node_modules" / _PACKAGE
    manifest = package / "package.json"
    if not manifest.exists() or json.loads(manifest.read_text(encoding="utf-8"))["version"] != VERSION:
        folder.mkdir(parents=True, exist_ok=True)
        words = ("--no-audit", "--no-fund", "--no-save", "--ignore-scripts", "--loglevel", "error")
        npm = shutil.which("npm")
        assert npm is not None
        command = [npm, "install", "--prefix", str(folder), *words, f"{_PACKAGE}@{VERSION}"]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=_TIMEOUT_SECONDS)
        assert done.returncode == 0, done.stderr
    binary = package / _BINARY
    binary.chmod(binary.stat().st_mode | stat.S_IXUSR)
    return binary


def schema(binary: Path) -> dict[str, Any]:
    """The JSON Schema of SARIF 2.1.0, which comes with the validator."""
    found: dict[str, Any] = json.loads((binary.parent / "sarif-2.1.0.json").read_text(encoding="utf-8-sig"))
    return found


def start(binary: Path, log: Path) -> Validation:
    """Begin to validate *log*, by the rules of SARIF and of GitHub code scanning."""
    result = log.with_suffix(".validation.json")
    process = subprocess.Popen(
        [binary, "validate", log, *_WORDS, *_NO_SIZE_LIMIT, "-o", result],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        errors="replace",
        env={**os.environ, **_SETTINGS},
    )
    return Validation(process, result)


def _read(result: dict[str, Any]) -> Message:
    message = result["message"]
    text = message.get("text") or " | ".join(message.get("arguments", ()))
    return Message(result.get("level", "warning"), result["ruleId"], text)
