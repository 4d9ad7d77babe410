"""Resource and identity policies that a call carries as JSON text: who is allowed what, and under which condition.

A policy that allows everybody is harmless where its condition holds the caller to an organisation, an account,
a network or a resource; conditions with `...IfExists` or a negation hold nobody.
Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html (read 2026-11-22).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import unquote_plus

from stratagem.sources._contract import Native
from stratagem.sources._text import at, decoded, listing, mapping, objects, text, texts

PARAMETERS = ("policyText", "policyDocument", "policy", "assumeRolePolicyDocument", "bucketPolicy", "resourcePolicy")
"""Request parameters that hold a policy, as text (ECR, IAM, KMS, Secrets Manager) or as an object (S3)."""
WITNESSES = (
    "policyText",
    "policyDocument",
    '"policy"',
    "bucketPolicy",
    "resourcePolicy",
    "attributes",
    "attributeValue",
)
_NARROWING = (
    "aws:principalorgid aws:principalorgpaths aws:principalaccount aws:principalarn aws:sourceaccount aws:sourceorgid "
    "aws:sourceorgpaths aws:sourcearn aws:sourcevpc aws:sourcevpce aws:sourceip aws:userid aws:username "
    "kms:calleraccount s3:dataaccesspointaccount"
)
NARROWING = frozenset(_NARROWING.split())
"""Condition keys (lower case) that hold a statement for everybody to somebody."""
_ACCOUNT = re.compile(r"^(?:arn:aws[a-z-]*:(?:iam|sts)::)?(\d{12})(?::|$)")


def documents(record: Native) -> Iterator[Mapping[str, Any]]:
    """The policies among the request parameters, decoded."""
    request = mapping(record.get("requestParameters"))
    held = [request.get(name) for name in PARAMETERS]
    held.append(at(request, "attributes", "Policy"))
    if request.get("attributeName") == "Policy":
        held.append(request.get("attributeValue"))
    for each in held:
        document = _decoded_policy(each)
        if isinstance(document, Mapping) and "Statement" in document:
            yield document


def _decoded_policy(value: Any) -> Any:
    if isinstance(value, str) and value.lstrip()[:3].upper() == "%7B":
        value = unquote_plus(value)
    return decoded(value)


def statements(record: Native) -> list[Mapping[str, Any]] | None:
    """Every statement of every policy in the call, None where there is no policy."""
    policies = list(documents(record))
    return [each for policy in policies for each in objects(policy["Statement"])] if policies else None


def allows_anyone(record: Native) -> bool | None:
    """Does a statement allow everybody, with no condition that holds it to somebody? None without a policy."""
    found = statements(record)
    return None if found is None else any(_is_open(each) for each in found)


def _is_open(statement: Mapping[str, Any]) -> bool:
    if statement.get("Effect") != "Allow":
        return False
    anyone = "NotPrincipal" in statement or "*" in principals(statement)
    return anyone and not _is_narrowed(statement)


def principals(statement: Mapping[str, Any]) -> tuple[str, ...]:
    """AWS principals of a statement; service and federated principals are not people's accounts and are left out."""
    principal = statement.get("Principal")
    if isinstance(principal, Mapping):
        return texts(principal.get("AWS"))
    return texts(principal)


def _is_narrowed(statement: Mapping[str, Any]) -> bool:
    for operator, tests in mapping(statement.get("Condition")).items():
        lowered = str(operator).lower()
        if "not" in lowered or lowered.endswith("ifexists") or lowered == "null":
            continue
        for key, values in mapping(tests).items():
            if str(key).lower() in NARROWING and not _matches_all(values):
                return True
    return False


def _matches_all(values: Any) -> bool:
    return any(value in ("*", "0.0.0.0/0", "::/0") for value in listing(values))


def external_accounts(record: Native) -> list[str] | None:
    """Accounts other than the recipient that an Allow statement names. None where there are none."""
    own = text(record.get("recipientAccountId"))
    found = {
        match[1]
        for statement in statements(record) or ()
        if statement.get("Effect") == "Allow"
        for principal in principals(statement)
        if (match := _ACCOUNT.match(principal))
    }
    return sorted(found - {own}) or None


def allows_everything(record: Native) -> bool | None:
    """Does a statement allow every action on every resource? None without a policy."""
    found = statements(record)
    return None if found is None else any(_is_admin(each) for each in found)


def _is_admin(statement: Mapping[str, Any]) -> bool:
    if statement.get("Effect") != "Allow":
        return False
    actions = texts(statement.get("Action"))
    return ("*" in actions or "*:*" in actions) and "*" in texts(statement.get("Resource"))


def allowed_actions(record: Native) -> list[str] | None:
    """Every action that an Allow statement of the call's policies names."""
    found = [
        name
        for statement in statements(record) or ()
        if statement.get("Effect") == "Allow"
        for name in texts(statement.get("Action"))
    ]
    return found or None
