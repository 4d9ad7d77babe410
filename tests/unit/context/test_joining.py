"""Who is who: events of many sources with the person or machine behind each, and no wrong merge and no wrong split.

The labels are what somebody who knows the organisation would say; identities.yml and estate.yml say only what logs
cannot. Equal labels have to give one actor, other labels another.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import combinations
from typing import Any, NamedTuple

import pytest

from stratagem.clock import parse_time
from stratagem.context.known import Context
from stratagem.context.load import load
from stratagem.events.project import project_many
from stratagem.events.query import connect
from stratagem.sources import SOURCES
from stratagem.sources._contract import Labels
from tests.unit.context.files import write

PROD, DEV = "111122223333", "444455556666"
OTHER = "777788889999"
TENANT = "7b1f2c3d-4e5a-4b6c-8d7e-9f0a1b2c3d4e"
MAY, JULY = "2026-05-04T10:00:00Z", "2026-07-06T10:00:00Z"


class Labelled(NamedTuple):
    """An event and who is behind it; `through` is whose rights were used, where that is another."""

    who: str
    source: str
    native: dict[str, Any]
    labels: Labels = Labels()
    through: str | None = None


def aws(identity: dict[str, Any], *, account: str = PROD, time: str = MAY) -> dict[str, Any]:
    return {
        "eventVersion": "1.09", "eventID": f"{time}-{identity}", "eventTime": time, "eventName": "ListBuckets",
        "eventSource": "s3.amazonaws.com", "awsRegion": "eu-west-1", "sourceIPAddress": "192.0.2.7",
        "userIdentity": {"accountId": account, **identity}, "recipientAccountId": account, "eventType": "AwsApiCall",
        "eventCategory": "Management", "requestParameters": None, "responseElements": None,
    }  # fmt: skip


def role(name: str, session: str, *, account: str = PROD, path: str = "", **context: Any) -> dict[str, Any]:
    return {
        "type": "AssumedRole",
        "principalId": f"AROAEXAMPLE{name.upper()[:8]}:{session}",
        "arn": f"arn:aws:sts::{account}:assumed-role/{name}/{session}",
        "sessionContext": {
            "sessionIssuer": {"type": "Role", "arn": f"arn:aws:iam::{account}:role{path}/{name}", "userName": name},
            **context,
        },
    }


def sso(session: str, account: str) -> dict[str, Any]:
    path = "/aws-reserved/sso.amazonaws.com/eu-west-1"
    return role("AWSReservedSSO_Admin_0123456789abcdef", session, account=account, path=path)


def user(name: str, account: str = PROD) -> dict[str, Any]:
    return {"type": "IAMUser", "arn": f"arn:aws:iam::{account}:user/{name}", "userName": name, "principalId": "AIDAX"}


def web(provider: str, subject: str) -> dict[str, Any]:
    return {
        "type": "WebIdentityUser",
        "principalId": f"arn:aws:iam::{PROD}:oidc-provider/{provider}:sts.amazonaws.com:{subject}",
        "userName": subject,
        "identityProvider": f"arn:aws:iam::{PROD}:oidc-provider/{provider}",
    }


def kubernetes(name: str, *, acting: str | None = None, time: str = MAY) -> dict[str, Any]:
    return {
        "kind": "Event", "apiVersion": "audit.k8s.io/v1", "level": "Metadata", "auditID": f"{name}-{acting}-{time}",
        "stage": "ResponseComplete", "requestURI": "/api/v1/pods", "verb": "list",
        "user": {"username": name, "groups": ["system:authenticated"]},
        **({"impersonatedUser": {"username": acting}} if acting else {}),
        "sourceIPs": ["192.0.2.7"], "userAgent": "kubectl/v1.32", "objectRef": {"resource": "pods", "apiVersion": "v1"},
        "responseStatus": {"code": 200}, "requestReceivedTimestamp": time, "stageTimestamp": time,
    }  # fmt: skip


def entra(*, oid: str = "", upn: str = "", principal: str = "", time: str = MAY) -> dict[str, Any]:
    category = "SignInLogs" if oid else "ManagedIdentitySignInLogs"
    return {
        "time": time, "category": category, "operationName": "Sign-in activity", "tenantId": TENANT, "resultType": "0",
        "properties": {
            "id": f"{oid}{principal}{time}", "createdDateTime": time, "userId": oid, "userPrincipalName": upn,
            "servicePrincipalId": principal, "appId": "00000000-0000-4000-8000-000000000001",
            "status": {"errorCode": 0},
        },
    }  # fmt: skip


def gcp(mail: str, *, through: str | None = None, project: str = "shop-example") -> dict[str, Any]:
    info: dict[str, Any] = {"principalEmail": through or mail}
    if through:
        info["serviceAccountDelegationInfo"] = [{"firstPartyPrincipal": {"principalEmail": mail}}]
    return {
        "insertId": f"{mail}-{through}", "logName": f"projects/{project}/logs/cloudaudit.googleapis.com%2Factivity",
        "timestamp": MAY, "severity": "NOTICE", "resource": {"type": "project", "labels": {"project_id": project}},
        "protoPayload": {
            "@type": "type.googleapis.com/google.cloud.audit.AuditLog", "serviceName": "iam.googleapis.com",
            "methodName": "google.iam.admin.v1.ListServiceAccounts", "resourceName": f"projects/{project}",
            "authenticationInfo": info, "requestMetadata": {"callerIp": "192.0.2.7"},
        },
    }  # fmt: skip


SHOP, LAB = Labels(cluster="shop", account=PROD), Labels(cluster="shop", account=DEV)
EKS = f"arn:aws:sts::{PROD}:assumed-role"
SSO_IN_EKS = f"{EKS}/AWSReservedSSO_Admin_0123456789abcdef/alice@example.com"
IRSA = "oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE0"
GITHUB = "token.actions.githubusercontent.com"
OID = "5f0c6a10-1111-4222-8333-444455556666"
DEPLOYER = "deployer@shop-example.iam.gserviceaccount.com"

SET = (
    # Identity Center: one person in two accounts of one organization, in a cluster, and in Entra under two names.
    Labelled("alice", "aws_cloudtrail", aws(sso("alice@example.com", PROD))),
    Labelled("alice", "aws_cloudtrail", aws(sso("alice@example.com", DEV), account=DEV)),
    Labelled("alice", "kubernetes_audit", kubernetes(SSO_IN_EKS), SHOP),
    Labelled("alice", "entra_signin", entra(oid=OID, upn="alice@example.com")),
    Labelled("alice", "entra_signin", entra(oid=OID, upn="alice.smith@example.com", time=JULY)),
    # The same name in an account of somebody else is somebody else.
    Labelled("alice of another company", "aws_cloudtrail", aws(sso("alice@example.com", OTHER), account=OTHER)),
    # SAML: the session names the person; the role stands beside it, as a caller may choose the name.
    Labelled("bob", "aws_cloudtrail", aws(role("saml-admin", "bob@example.com"))),
    Labelled("bob", "aws_cloudtrail", aws(role("saml-admin", "bob@example.com"), time=JULY)),
    Labelled("carol", "aws_cloudtrail", aws(role("saml-admin", "carol@example.com"))),
    Labelled("somebody called alice", "aws_cloudtrail", aws(role("backdoor", "alice@example.com"))),
    # IRSA: the service account's token, and the role's sessions; the same service account of another cluster.
    Labelled("payments", "aws_cloudtrail", aws(web(IRSA, "system:serviceaccount:shop:payments"))),
    Labelled("payments", "aws_cloudtrail", aws(role("irsa-payments", "botocore-session-1"))),
    Labelled("payments", "aws_cloudtrail", aws(role("irsa-payments", "botocore-session-2"))),
    Labelled("payments", "kubernetes_audit", kubernetes("system:serviceaccount:shop:payments"), SHOP),
    Labelled("payments of dev", "kubernetes_audit", kubernetes("system:serviceaccount:shop:payments"), LAB),
    # Node roles: machines come and go, the role is one; as Kubernetes users they are nodes of their own.
    Labelled("workers", "aws_cloudtrail", aws(role("workers", "i-0aaaaaaaaaaaaaaa1"))),
    Labelled("workers", "aws_cloudtrail", aws(role("workers", "i-0aaaaaaaaaaaaaaa2"))),
    Labelled("node 1", "kubernetes_audit", kubernetes("system:node:ip-10-0-0-1"), SHOP),
    Labelled("node 1 of dev", "kubernetes_audit", kubernetes("system:node:ip-10-0-0-1"), LAB),
    Labelled("node 2", "kubernetes_audit", kubernetes("system:node:ip-10-0-0-2"), SHOP),
    # CI: OIDC subjects of one repository's branches, the role that they take, and its sessions in the cluster.
    Labelled("ci", "aws_cloudtrail", aws(web(GITHUB, "repo:example/shop:ref:refs/heads/main"))),
    Labelled("ci", "aws_cloudtrail", aws(web(GITHUB, "repo:example/shop:environment:production"))),
    Labelled("ci", "aws_cloudtrail", aws(role("ci-deploy", "GitHubActions"))),
    Labelled("ci", "kubernetes_audit", kubernetes(f"{EKS}/ci-deploy/1764000000000"), SHOP),
    Labelled("ci", "kubernetes_audit", kubernetes(f"{EKS}/ci-deploy/1764000099999", time=JULY), SHOP),
    Labelled("ci of shop-two", "aws_cloudtrail", aws(web(GITHUB, "repo:example/shop-two:ref:refs/heads/main"))),
    # Google: alice acts through a service account; the account's own calls are the account's.
    Labelled("deployer", "gcp_audit", gcp(DEPLOYER)),
    Labelled("gcp alice", "gcp_audit", gcp("alice@example.com")),
    Labelled("gcp alice", "gcp_audit", gcp("alice@example.com", through=DEPLOYER), through="deployer"),
    # Kubernetes impersonation: whose rights, and who.
    Labelled("dave", "kubernetes_audit", kubernetes("dave@example.com"), SHOP),
    Labelled("dave", "kubernetes_audit", kubernetes("dave@example.com", acting="admin"), SHOP, through="admin"),
    Labelled("admin", "kubernetes_audit", kubernetes("admin"), SHOP),
    Labelled("admin of dev", "kubernetes_audit", kubernetes("admin"), LAB),
    # Managed identities: the service principal is one, whatever it is called.
    Labelled("batch", "entra_signin", entra(principal="99990000-1111-4222-8333-444455556666")),
    Labelled("batch", "entra_signin", entra(principal="99990000-1111-4222-8333-444455556666", time=JULY)),
    Labelled("batch two", "entra_signin", entra(principal="99990000-1111-4222-8333-777777777777")),
    # An IAM user that was renamed in June, and whose old name went to somebody else.
    Labelled("erin", "aws_cloudtrail", aws(user("erin"))),
    Labelled("erin", "aws_cloudtrail", aws(user("erin.jones"), time=JULY)),
    Labelled("the new erin", "aws_cloudtrail", aws(user("erin"), time=JULY)),
)


@pytest.fixture(scope="module")
def context(tmp_path_factory: pytest.TempPathFactory) -> Context:
    folder = tmp_path_factory.mktemp("context")
    iam = f"aws:{PROD}:arn:aws:iam::{PROD}"
    write(
        folder,
        estate=f"""
            accounts:
              - {{id: "{PROD}", organization: o-example}}
              - {{id: "{DEV}", organization: o-example}}
            """,
        identities=f"""
            identities:
              - actor: alice
                class: human
                names:
                  - aws:o-example:sso/alice@example.com
                  - kubernetes:{PROD}/shop:sso/alice@example.com
                  - entra:{TENANT}:{OID}
              - actor: payments
                class: workload
                names:
                  - "{iam}:oidc-provider/{IRSA}:sts.amazonaws.com:system:serviceaccount:shop:payments"
                  - {iam}:role/irsa-payments
                  - kubernetes:{PROD}/shop:system:serviceaccount:shop:payments
              - actor: ci
                class: ci
                names:
                  - "{iam}:oidc-provider/{GITHUB}:sts.amazonaws.com:repo:example/shop:*"
                  - {iam}:role/ci-deploy
                  - kubernetes:{PROD}/shop:arn:aws:iam::{PROD}:role/ci-deploy
              - class: node
                names: ["kubernetes:{PROD}/shop:system:node:*", "kubernetes:{DEV}/shop:system:node:*"]
              - actor: erin
                class: human
                names:
                  - {{principal: "{iam}:user/erin", valid_to: 2026-06-01}}
                  - {{principal: "{iam}:user/erin.jones", valid_from: 2026-06-01}}
            """,
    )
    return load(folder)


def _actors(context: Context) -> list[tuple[str, str]]:
    """(label, actor) for who acts, and for whose rights were used."""
    found: list[tuple[str, str]] = []
    connection = connect()
    for one in SET:
        source = SOURCES[one.source]
        native, labels = source.canonical(one.native)
        assert source.recognise(native), one
        (columns,) = project_many(one.source, source, [(native, "e", labels.under(one.labels))], connection)
        time = parse_time(source.time(native))
        acting = context.actor(columns["principal"], time).name
        if one.through is None:
            assert "impersonator" not in columns, one
            found.append((one.who, acting))
        else:
            found.append((one.through, acting))
            found.append((one.who, context.actor(columns["impersonator"], time).name))
    return found


def test_no_two_actors_are_merged_and_none_is_split(context: Context) -> None:
    found = _actors(context)
    merged = {(a, b) for (a, x), (b, y) in combinations(found, 2) if a != b and x == y}
    split = defaultdict(set)
    for label, actor in found:
        split[label].add(actor)
    assert merged == set()
    assert {label: actors for label, actors in split.items() if len(actors) > 1} == {}


def test_without_any_file_nothing_is_merged_either() -> None:
    found = [pair for pair in _actors(Context()) if "erin" not in pair[0]]
    assert {(a, b) for (a, x), (b, y) in combinations(found, 2) if a != b and x == y} == set()
