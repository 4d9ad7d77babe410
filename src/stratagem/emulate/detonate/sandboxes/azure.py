"""Azure, Entra and Microsoft Graph through the az command: tenant and subscription are the target."""

from __future__ import annotations

from collections.abc import Mapping

from stratagem.emulate.detonate.sandboxes._contract import Ask, Sandbox


def _where(ask: Ask) -> str:
    return ask(("account", "show", "--query", "join('/', [tenantId, id])", "--output", "tsv")).strip()


def _bind(argv: tuple[str, ...], target: str) -> tuple[str, ...]:
    subscription = target.partition("/")[2]
    # Graph and the directory belong to the tenant: `az ad` and `az rest` do as the signed-in account does.
    return argv if argv[0] in ("ad", "rest", "login", "account") else (*argv, "--subscription", subscription)


def _marks(marker: str) -> Mapping[str, str]:
    """Appended to the user agent. Source: azure-cli-core, `get_az_user_agent`, reads AZURE_HTTP_USER_AGENT."""
    return {"AZURE_HTTP_USER_AGENT": marker, "AZURE_CORE_NO_COLOR": "1", "AZURE_CORE_COLLECT_TELEMETRY": "0"}


PLUGIN = Sandbox(
    tool="az",
    setting="lab_azure",
    target="TENANT/SUBSCRIPTION",
    where=_where,
    bind=_bind,
    marks=_marks,
    absent=("NotFound", "does not exist"),
    tie="the user agent of Graph activity and of sign-ins, and names of what is made",
)
