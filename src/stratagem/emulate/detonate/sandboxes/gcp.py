"""Google Cloud through the gcloud command: the project is the target."""

from __future__ import annotations

from collections.abc import Mapping

from stratagem.emulate.detonate.sandboxes._contract import Ask, Sandbox


def _where(ask: Ask) -> str:
    return ask(("config", "get-value", "core/project")).strip()


def _bind(argv: tuple[str, ...], target: str) -> tuple[str, ...]:
    return (*argv, f"--project={target}", "--quiet")


def _marks(marker: str) -> Mapping[str, str]:
    """Sent as X-Goog-Request-Reason, which audit logs keep as `requestMetadata.requestAttributes.reason`.

    Source: https://github.com/salrashid123/request_reason (read 2026-11-24).
    """
    return {"CLOUDSDK_CORE_REQUEST_REASON": marker, "CLOUDSDK_CORE_DISABLE_PROMPTS": "1"}


PLUGIN = Sandbox(
    tool="gcloud",
    setting="lab_gcp",
    target="project id",
    where=_where,
    bind=_bind,
    marks=_marks,
    absent=("NOT_FOUND", "not found"),
    tie="requestMetadata.requestAttributes.reason of the audit log",
)
