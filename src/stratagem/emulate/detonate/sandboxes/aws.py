"""AWS through the aws command: the account of the caller is the target."""

from __future__ import annotations

from collections.abc import Mapping

from stratagem.emulate.detonate.sandboxes._contract import Ask, Sandbox


def _where(ask: Ask) -> str:
    return ask(("sts", "get-caller-identity", "--query", "Account", "--output", "text")).strip()


def _bind(argv: tuple[str, ...], target: str) -> tuple[str, ...]:
    return argv  # No flag pins an account: the credentials of the environment are asked again before each phase.


def _marks(marker: str) -> Mapping[str, str]:
    """Appended to the user agent as `app/MARKER`; no pager, because nobody is there to press a key.

    Source: https://docs.aws.amazon.com/sdkref/latest/guide/feature-appid.html (read 2026-11-24).
    """
    return {"AWS_SDK_UA_APP_ID": marker, "AWS_PAGER": ""}


PLUGIN = Sandbox(
    tool="aws",
    setting="lab_aws",
    target="account number",
    where=_where,
    bind=_bind,
    marks=_marks,
    absent=("NotFound", "NoSuchEntity", "does not exist"),
    tie="userAgent, as app/MARKER, and names of what is made",
)
