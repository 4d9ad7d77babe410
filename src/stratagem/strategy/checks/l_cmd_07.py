"""L-CMD-07: code from elsewhere that nothing pins: a script piped into a shell, a branch's file, an image by tag."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stratagem.errors import Severity
from stratagem.strategy.checks._commands import lines
from stratagem.strategy.checks._contract import Check, Desk, Hit
from stratagem.strategy.model import Strategy

_PIPED = re.compile(
    r"\b(?:curl|wget)\b[^|\n]*\|\s*(?:sudo\s+)?(?:ba|z|da)?sh\b|\b(?:iwr|irm|Invoke-WebRequest|DownloadString)\b.*\b(?:iex|Invoke-Expression)\b"
    r"|\b(?:iex|Invoke-Expression)\b.*\b(?:iwr|irm|Invoke-WebRequest|DownloadString)\b|\bbash\s+<\(\s*curl\b",
    re.IGNORECASE,
)
_BRANCH = re.compile(
    r"raw\.githubusercontent\.com/[\w.-]+/[\w.-]+/(?:refs/heads/)?(?P<branch>main|master|HEAD|dev|develop)/|"
    r"github\.com/[\w.-]+/[\w.-]+/(?:raw|blob)/(?P<other>main|master|HEAD)/\S+\.(?:sh|ps1|py|ya?ml)\b"
)
_IMAGE = re.compile(r"\b(?:docker|podman|nerdctl)\s+(?:container\s+)?run\s[^\n`|;&]*|--image[= ](?P<image>[^\s`'\"]+)")
_REFERENCE = re.compile(r"(?:[a-z0-9.-]+(?::\d+)?/)*[a-z0-9][a-z0-9._-]*(?::[\w.-]+)?(?:@sha256:[0-9a-f]{64})?")
_VALUE_OPTIONS = {
    "-v",
    "-e",
    "-p",
    "-u",
    "-w",
    "--name",
    "--volume",
    "--env",
    "--publish",
    "--network",
    "--pid",
    "--user",
} | {
    "--entrypoint",
    "--cap-add",
}


def find(strategy: Strategy, desk: Desk) -> Iterator[Hit]:
    """Commands in fences, inline code and `live:` lines."""
    for command in lines(strategy):
        if match := _PIPED.search(command.text):
            fix = "Download a pinned version, check its hash, read it, then run it."
            yield _hit(
                "a script goes from the network straight into a shell",
                command.line,
                command.column + match.start(),
                fix,
            )
        elif match := _BRANCH.search(command.text):
            fix = "Name a commit instead of the branch, and check the hash."
            branch = match["branch"] or match["other"]
            yield _hit(f"the file is taken from branch '{branch}'", command.line, command.column + match.start(), fix)
        for match in _IMAGE.finditer(command.text):
            image = match["image"] or _run_image(match[0])
            if image and _REFERENCE.fullmatch(image) and "@sha256:" not in image:
                tagged = ":" in image.rpartition("/")[2] and not image.endswith(":latest")
                hit = _hit(
                    f"image '{image}' is not pinned by its digest",
                    command.line,
                    command.column + max(command.text.find(image), 0),
                    f"Write {image}@sha256:<digest>.",
                    Severity.WARNING if tagged else None,
                )
                yield hit


def _hit(message: str, line: int, column: int, fix: str, severity: Severity | None = None) -> Hit:
    return Hit(message=message, line=line, column=column, fix=fix, severity=severity)


def _run_image(text: str) -> str:
    """The image of a `docker run`: the first word that is neither an option nor an option's value."""
    words = text.split("run", 1)[1].split()
    skip = False
    for word in words:
        if skip or word.startswith("-"):
            skip = not skip and word in _VALUE_OPTIONS
            continue
        return word.strip("'\"")
    return ""


PLUGIN = Check(
    code="L-CMD-07",
    severity=Severity.ERROR,
    catches="unpinned remote script, or an image without digest",
    example="## Validation\n\n```sh\ncurl -s https://example.com/install.sh | sh\n```\n",
    find=find,
)
