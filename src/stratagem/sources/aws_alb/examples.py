"""Access logs of our own making: lines of each kind of load balancer, and a row of Athena."""

from __future__ import annotations

from typing import Any

import orjson

from stratagem.sources._contract import Example
from stratagem.sources._samples import dump
from stratagem.sources.aws_alb.layout import read

_ARN = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/shop/0123456789abcdef"
_CERT = "arn:aws:acm:eu-west-1:111122223333:certificate/11111111-0000-4000-8000-000000000001"


def _line(number: int, status: int, request: str, agent: str = "curl/8.5.0", target: str = "10.0.1.20:8080") -> str:
    return (
        f"https 2026-11-20T10:00:{number:02}.186641Z app/shop/50dc6c495c0c9188 203.0.113.7:4281{number} {target} "
        f'0.086 0.048 0.037 {status} {status if target != "-" else "-"} 111 57 "{request}" "{agent}" '
        f'ECDHE-RSA-AES128-GCM-SHA256 TLSv1.2 {_ARN} "Root=1-6745a5a0-0123456789abcdef0123456{number}" '
        f'"shop.example.com" "{_CERT}" 1 2026-11-20T10:00:{number:02}.100000Z "waf,forward" "-" "-" "{target}" '
        f'"{status}" "-" "-" TID_0123456789abcdef0123456789abcdef'
    )


_GET = _line(1, 200, "GET https://shop.example.com:443/items?q=1 HTTP/1.1")
_LOGIN = _line(2, 403, "POST https://shop.example.com:443/login HTTP/2.0", agent='Mozilla/5.0 (\\"x\\")')
_REFUSED = _line(3, 460, "- http://shop.example.com:80- -", agent="-", target="-")
_CLASSIC = (
    "2026-11-20T10:00:04.945958Z shop-classic 203.0.113.7:2817 10.0.1.21:80 0.000073 0.001048 0.000057 200 200 0 29 "
    '"GET http://shop.example.com:80/ HTTP/1.1" "curl/8.5.0" - -'
)
_NETWORK = (
    "tls 2.0 2026-11-20T10:00:05 net/shop-tcp/c6e77e28c25b2234 g3d4b5e8bb8464cd 203.0.113.7:51341 10.0.1.22:443 5 2 98 "
    f'246 - {_CERT} - ECDHE-RSA-AES128-SHA tlsv12 - shop.example.com h2 h2 "h2" 2026-11-20T10:00:04'
)


def _record(line: str) -> dict[str, Any]:
    made: dict[str, Any] = orjson.loads(read(line) or b"{}")
    return made


RECORDS = {
    "get": _record(_GET),
    "login_denied": _record(_LOGIN),
    "malformed_request": _record(_REFUSED),
    "classic": _record(_CLASSIC),
    "network": _record(_NETWORK),
}
"""Name -> canonical record."""

_ATHENA = {name: value for name, value in RECORDS["get"].items() if name != "log-type"} | {"redirect_url": "-"}

EXAMPLES = (
    Example(name="application", raw="\n".join((_GET, _LOGIN, _REFUSED)).encode() + b"\n", records=3),
    Example(name="classic", raw=_CLASSIC.encode() + b"\n"),
    Example(name="network", raw=_NETWORK.encode() + b"\n"),
    Example(name="athena_row", raw=dump(_ATHENA)),
)
