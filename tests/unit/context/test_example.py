"""The example context of a new workspace: nothing as it comes, and right once the comments are taken away."""

from __future__ import annotations

import re
from pathlib import Path

from stratagem.context.example import FILES
from stratagem.context.load import load, read_context


def _write(folder: Path, *, uncommented: bool) -> None:
    for name, text in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        lines = text.splitlines()
        if uncommented:
            first = next(number for number, line in enumerate(lines) if re.fullmatch(r"# [a-z]+:", line))
            # Prose among the examples ends in a stop or a colon and holds blanks; keys and entries do not.
            lines = [re.sub("^# ?", "", line) for line in lines[first:] if not re.match("# [A-Z]", line)]
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def test_it_says_nothing_as_it_comes(tmp_path: Path) -> None:
    _write(tmp_path, uncommented=False)
    assert read_context(tmp_path)[1] == ()
    assert not load(tmp_path)


def test_it_is_right_without_the_comments(tmp_path: Path) -> None:
    (tmp_path / "GeoLite2-Country.mmdb").touch()
    (tmp_path / "GeoLite2-ASN.mmdb").touch()
    _write(tmp_path, uncommented=True)
    context = load(tmp_path)
    assert context.estate.members
    assert context.names
    assert context.networks.ranges
    assert context.flows
    assert context.changes
