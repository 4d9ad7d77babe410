"""Whether a call worked, was refused, or failed for another reason.

Denials come in many spellings: `AccessDenied`, `AccessDeniedException`, `Client.UnauthorizedOperation`, `*.Forbidden`,
`UnauthorizedAccess`, `VpceAccessDenied`, `AuthorizationError`. Most denials of EC2 are not `AccessDenied`.
`NoSuch*`, `Throttling*` and validation errors are failures, not denials.
"""

from __future__ import annotations

from stratagem.sources._contract import Native
from stratagem.sources._text import first_text, mapping, text

DENIALS = ("accessdenied", "unauthorized", "forbidden", "authorizationerror", "notauthorized")
"""Parts of an `errorCode` (lower case) that mean a refusal."""
SIGN_INS = ("ConsoleLogin", "SwitchRole", "CheckMfa", "GetSigninToken", "ExitRole", "RenewRole")
"""Sign-in events, each the name of its answer in `responseElements`."""
REFUSAL = "not authorized to perform"
"""Part of an `errorMessage` that means a refusal whatever the code."""


def error_code(record: Native) -> str | None:
    """The error code, None where the call has none. Some shippers write "Success" or nothing between quotes."""
    code = text(record.get("errorCode"))
    return None if code is None or code.lower() == "success" else code


def is_dry_run(record: Native) -> bool:
    """A dry run that would have been allowed: EC2 says so with an error code, and nothing was done."""
    return (error_code(record) or "").endswith("DryRunOperation")


def is_denied(record: Native) -> bool:
    """Was the call refused for want of permission?"""
    code = (error_code(record) or "").lower()
    if any(part in code for part in DENIALS):
        return True
    return REFUSAL in (text(record.get("errorMessage")) or "")


def outcome(record: Native) -> str:
    """`success`, `denied`, `failure`, or `unknown` where a sign-in does not say.

    An allowed dry run is `failure`: nothing was done.
    """
    if is_denied(record):
        return "denied"
    if error_code(record) is not None:
        return "failure"
    if record.get("eventType") == "AwsConsoleSignIn":
        return _sign_in_outcome(record)
    return "success"


def _sign_in_outcome(record: Native) -> str:
    """Sign-in events answer under their own name: `responseElements.ConsoleLogin` is `Success` or `Failure`."""
    answers = mapping(record.get("responseElements"))
    answer = first_text(*(answers.get(name) for name in SIGN_INS))
    if answer in ("Success", "Failure"):
        return "success" if answer == "Success" else "failure"
    return "failure" if text(record.get("errorMessage")) else "unknown"
