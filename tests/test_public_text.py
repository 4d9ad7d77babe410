"""The tree speaks of the project alone: no paths of a machine, no addresses of package hosts, no real identities."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
TEXT = (".py", ".md", ".yml", ".yaml", ".toml", ".json", ".txt", ".sh", ".cfg", "")
HERE = Path(__file__).name

FORBIDDEN = {
    "a path of somebody's machine": re.compile(
        r"(?<![\w.])/(?:home/(?!user/|runner/)\w+|Users/\w+|root/|work/)[\w./-]*"
    ),
    "the address of a package host": re.compile(
        r"\b(?:pypi\.org|files\.pythonhosted\.org|test\.pypi\.org|registry\.npmjs\.org|crates\.io|deb\.debian\.org)\b"
    ),
    "an access key that is not an example": re.compile(
        r"\b(?:AKIA|ASIA)[A-Z2-7]{9}(?![A-Z0-9]{0,2}EXAMPLE)[A-Z0-9]{7}\b"
    ),
    "a private key": re.compile(r"-----BEGIN (?:RSA |EC |OPENSSH )?PRIVATE KEY-----"),
}
ALLOWED = {
    # Paths inside containers and hosts are what Kubernetes detections are about.
    "a path of somebody's machine": re.compile(r"^/(?:root/|home/\w+/)(?:\.|$)|^/root/?$"),
}


def _tracked() -> list[Path]:
    done = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if done.returncode:
        pytest.skip("not a git checkout: there is no list of the project's files")
    names = [name for name in done.stdout.decode().split("\0") if name]
    return [ROOT / name for name in names if Path(name).suffix in TEXT and Path(name).name != HERE]


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_file_of_the_project_holds(what: str) -> None:
    found = []
    for file in _tracked():
        if not file.is_file():
            continue
        for number, line in enumerate(file.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
            for match in FORBIDDEN[what].finditer(line):
                if not (what in ALLOWED and ALLOWED[what].search(match[0])):
                    found.append(f"{file.relative_to(ROOT)}:{number}: {match[0]}")
    assert not found, f"{what}:\n" + "\n".join(found[:50])
