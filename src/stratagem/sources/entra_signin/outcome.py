"""What came of a sign-in, who it was, and the words that public rules use for both.

An error number of an interrupt (a second factor is asked for, a choice is to be made) is no failure: the sign-in
goes on under the same correlation id.
Source: https://learn.microsoft.com/entra/identity-platform/reference-error-codes (read 2026-11-22).
"""

from __future__ import annotations

from stratagem.sources._contract import Native
from stratagem.sources._text import at, first_text, mapping, text

INTERRUPTS = frozenset(
    {50058, 50072, 50074, 50076, 50079, 50125, 50127, 50129, 50140, 50143, 50144, 65001, 16000, 16001}
)
"""Error numbers that ask for something and go on."""
DENIALS = frozenset(
    {50053, 50057, 50105, 53000, 53001, 53002, 53003, 53004, 53010, 53011, 530032, 530034, 500121, 90095}
)
"""Error numbers of a refusal: conditional access, a locked, disabled or unassigned account, a declined factor."""
PROTOCOLS = {"devicecode": "Device Code", "ropc": "ROPC"}
"""How public rules name an `authenticationProtocol`."""


def error_code(record: Native) -> int | None:
    """The error number: `resultType` and `status.errorCode` say the same, as text and as a number."""
    for said in (record.get("resultType"), mapping(at(record, "properties", "status")).get("errorCode")):
        if isinstance(said, int) and not isinstance(said, bool):
            return said
        if isinstance(said, str) and said.strip().isascii() and said.strip().isdigit() and len(said) < 12:
            return int(said)
    return None


def is_interrupted(record: Native) -> bool:
    return error_code(record) in INTERRUPTS


def outcome(record: Native) -> str:
    """`success`, `denied` (by policy), `failure`, or `unknown` for an interrupt and where no number is given."""
    code = error_code(record)
    if code is None or code in INTERRUPTS:
        return "unknown"
    if code == 0:
        return "success"
    return "denied" if code in DENIALS else "failure"


def status(record: Native) -> list[str] | None:
    """The portal's Status: Success, Failure or Interrupted, and the texts of `properties.status`."""
    code = error_code(record)
    words = [] if code is None else ["Success" if code == 0 else "Interrupted" if code in INTERRUPTS else "Failure"]
    said = mapping(at(record, "properties", "status"))
    words += [words_of for name in ("failureReason", "additionalDetails") if (words_of := text(said.get(name)))]
    return words or None


def message(record: Native) -> list[str] | None:
    """What public rules call `properties.message`: the protocol in words, and the result's description."""
    protocol = text(at(record, "properties", "authenticationProtocol"))
    words = [PROTOCOLS.get(protocol.lower(), protocol)] if protocol else []
    described = first_text(
        record.get("resultDescription"), mapping(at(record, "properties", "status")).get("failureReason")
    )
    return [*words, *([described] if described else [])] or None


def actor(record: Native) -> str | None:
    """Object id of the user, else of the service principal or managed identity."""
    names = ("userId", "servicePrincipalId", "appId")
    return first_text(*(at(record, "properties", name) for name in names))


def actor_kind(record: Native) -> str:
    """`user`, `guest`, `service_principal`, `managed_identity` or `unknown`."""
    if record.get("category") == "ManagedIdentitySignInLogs":
        return "managed_identity"
    if text(at(record, "properties", "userId")):
        return "guest" if at(record, "properties", "userType") == "Guest" else "user"
    return "service_principal" if text(at(record, "properties", "servicePrincipalId")) else "unknown"


def device_is_managed(record: Native) -> bool:
    """Is the device managed, as Entra knows it? A device that it does not know is not."""
    managed = mapping(at(record, "properties", "deviceDetail")).get("isManaged")
    return managed is True or (isinstance(managed, str) and managed.lower() == "true")


def country(record: Native) -> str | None:
    """ISO country code of the client's address."""
    return first_text(mapping(at(record, "properties", "location")).get("countryOrRegion"), record.get("location"))
