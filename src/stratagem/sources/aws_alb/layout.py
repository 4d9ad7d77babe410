"""Lines of an access log: words, some of them in quotes. A quote inside quotes is escaped by a backslash.

An application load balancer's line begins with the protocol, a classic one's with the time, a network one's with
`tls`. A size of -1 means that nothing was sent. Columns that AWS adds later come at the end and are kept by position.
Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-access-logs.html and
https://docs.aws.amazon.com/elasticloadbalancing/latest/classic/access-log-collection.html
"""

from __future__ import annotations

import re
from typing import Any

import orjson

from stratagem.sources._contract import Layout
from stratagem.sources.aws_alb.fields import APPLICATION, CLASSIC, KIND, KINDS, NETWORK, NUMBERS

_TIME = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d"
_HEAD = re.compile(
    rf"^(?:tls \d\.\d {_TIME} net/\S+ \S+ |(?:(?:https?|h2|grpcs|wss?) )?{_TIME}\.\d{{1,6}}Z \S+ )"
    r"[0-9A-Fa-f.:\[\]]+:\d+ "
)
_WORD = re.compile(r'"((?:[^"\\]|\\.)*)"|(\S+)')
_LEAST = 12
_ENDS = {"client": ("client_ip", "client_port"), "target": ("target_ip", "target_port")}


def layout(line: str) -> Layout | None:
    """The layout of an access log, where the line begins as one: protocol, time, load balancer, client."""
    return Layout(is_header=False, read=read) if _HEAD.match(line) else None


def read(line: str) -> bytes | None:
    if not _HEAD.match(line):
        return None
    words = [found[1] if found[2] is None else found[2] for found in _WORD.finditer(line)]
    if len(words) < _LEAST:
        return None
    order = CLASSIC if line[:1].isdigit() else NETWORK if words[0] == "tls" else APPLICATION
    names = order + tuple(f"column-{place}" for place in range(len(order) + 1, len(words) + 1))
    made: dict[str, Any] = {KIND: KINDS}
    for name, word in zip(names, words, strict=False):
        if word in ("-", "", "-1"):
            continue
        if name in _ENDS:
            ip, _, port = word.rpartition(":")
            made |= dict(zip(_ENDS[name], (ip.strip("[]"), int(port)), strict=True)) if port.isdigit() else {}
        elif name == "request":
            made |= _request(word)
        elif name in NUMBERS:
            if not word.isdigit() or len(word) > 18:
                return None
            made[name] = int(word)
        else:
            made[name] = f"{word}Z" if order is NETWORK and name.endswith("time") and "T" in word else word
    return orjson.dumps(made, option=orjson.OPT_SORT_KEYS)


def _request(line: str) -> dict[str, str]:
    """`GET https://… HTTP/1.1` in its parts; a malformed request is `- http://…- -`."""
    verb, _, rest = line.partition(" ")
    url, _, protocol = rest.rpartition(" ")
    url = url.removesuffix("-") if verb == "-" else url
    parts = {"request_verb": verb, "request_url": url or protocol, "request_proto": protocol if url else ""}
    return {name: part for name, part in parts.items() if part.strip("- ")}
