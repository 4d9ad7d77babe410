"""The attack of the story: from a phished device code to a node of the cluster, in two hours.

Each step says which strategies report it; a step without one is what the attacker also did.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from stratagem.emulate._noise import EDGE, EKS, IRELAND, VIRGINIA
from stratagem.emulate._record import Changes, Teller, Told

ATTACKER = "203.0.113.66"
GRAPH = "MicrosoftGraphActivityLogs"
HOUND, GROUPS = "bloodhound_reads_directory", "groups_listed_through_graph"
TOOL, DETAILS = "discovery_tool_calls_aws", "iam_authorization_details_read"
KEY_ID = "9f8e7d6c-5b4a-4938-8271-60514233a4b5"
CLI = "aws-cli/2.22.35 ua/2.0 os/linux#6.11.2 md/arch#x86_64 lang/python#3.12.6 md/command#"
SCOUT = "Scout Suite/5.14.0 (https://github.com/nccgroup/ScoutSuite) Boto3/1.35.90 Botocore/1.35.90"

Step = tuple[Told, tuple[str, ...]]
STOPPED, STARTED = "14:01:20", "15:12:04"
"""Between these the trail records nothing, whatever happens in the account."""


def attack(teller: Teller) -> Iterator[Step]:
    """Every record of the attack, with the ids of the strategies that must report it."""
    yield from _probe(teller)
    yield from _directory(teller)
    yield from _cloud(teller)
    yield from _cluster(teller)


def _probe(teller: Teller) -> Iterator[Step]:
    """The exposed API server of a small cluster answers anonymous requests."""
    tell = teller.tell("kubernetes_audit/anonymous_list_pods", EDGE, teller.at("12:41:07"))
    yield tell, ("anonymous_request_allowed",)


def _directory(teller: Teller) -> Iterator[Step]:
    """A phished device code, a sweep of the directory, and a secret for the pipeline's principal."""
    sign_in = teller.tell("entra_signin/device_code_user", "SignInLogs", teller.at("13:02:11"))
    token = sign_in.record["properties"]["uniqueTokenIdentifier"]
    yield sign_in, ("device_code_sign_in_to_command_line",)
    sweep: tuple[tuple[str, str, tuple[str, ...]], ...] = (
        ("13:06:02", "/v1.0/organization", (HOUND,)),
        ("13:06:03", "/v1.0/users?$select=id,displayName&$top=999", (HOUND,)),
        ("13:06:05", "/v1.0/groups?$filter=securityEnabled%20eq%20true&$top=999", (HOUND, GROUPS)),
        ("13:06:09", "/v1.0/servicePrincipals?$top=999", (HOUND,)),
        ("13:06:14", "/v1.0/roleManagement/directory/roleAssignments?$expand=principal", (HOUND, GROUPS)),
    )
    for clock, path, strategies in sweep:
        changes = {"properties": {"requestUri": f"https://graph.microsoft.com{path}", "signInActivityId": token}}
        yield teller.tell("graph_activity/azurehound_list_groups", GRAPH, teller.at(clock), changes), strategies
    added = teller.tell("entra_audit/add_service_principal_credentials", "AuditLogs", teller.at("13:21:40"))
    yield added, ("service_principal_credential_added",)
    stolen = {
        "callerIpAddress": ATTACKER,
        "properties": {
            "ipAddress": ATTACKER,
            "servicePrincipalCredentialKeyId": KEY_ID,
            "autonomousSystemNumber": 64511,
        },
    }
    yield teller.tell("entra_signin/service_principal", "ServicePrincipalSignInLogs", teller.at("13:24:18"), stolen), ()


def _cloud(teller: Teller) -> Iterator[Step]:
    """A forgotten access key works: look around, open a repository, stop the trail."""

    def call(base: str, home: str, clock: str, agent: str, **more: Any) -> Told:
        changes: Changes = {"sourceIPAddress": ATTACKER, "userAgent": agent, **more}
        return teller.tell(f"aws_cloudtrail/{base}", home, teller.at(clock), changes)

    yield call("get_caller_identity", IRELAND, "13:34:02", "TruffleHog"), (TOOL,)
    yield call("scout_suite_describe_instances", IRELAND, "13:40:10", SCOUT), (TOOL,)
    yield call("list_groups", VIRGINIA, "13:40:12", SCOUT), (TOOL,)
    everything: dict[str, Any] = {"eventName": "GetAccountAuthorizationDetails"}
    yield (
        call("list_groups", VIRGINIA, "13:47:55", f"{CLI}iam.get-account-authorization-details", **everything),
        (DETAILS,),
    )
    policy = (
        '{"Version":"2012-10-17","Statement":[{"Sid":"mirror","Effect":"Allow","Principal":"*",'
        '"Action":["ecr:BatchGetImage","ecr:GetDownloadUrlForLayer"]}]}'
    )
    opened = {"requestParameters": {"policyText": policy}, "responseElements": {"policyText": policy}}
    agent = f"{CLI}ecr.set-repository-policy"
    yield call("ecr_set_repository_policy", IRELAND, "13:52:31", agent, **opened), ("ecr_repository_opened_to_anyone",)
    stopped = call("cloudtrail_stop_logging", IRELAND, STOPPED, f"{CLI}cloudtrail.stop-logging")
    yield stopped, ("cloudtrail_logging_stopped",)
    yield teller.tell("aws_cloudtrail/cloudtrail_start_logging", IRELAND, teller.at(STARTED)), ()


def _cluster(teller: Teller) -> Iterator[Step]:
    """The key is mapped into the cluster: take a pod's token, read all Secrets, stay, and reach the node."""
    key = {
        "username": "ci-legacy",
        "uid": "aws-iam-authenticator:111122223333:AIDACKCEVSQ6C2EXAMPLE",
        "groups": ["shop-developers", "system:authenticated"],
        "extra": {
            "accessKeyId": ["AKIAIOSFODNN7EXAMPLE"],
            "arn": ["arn:aws:iam::111122223333:user/ci-legacy"],
            "canonicalArn": ["arn:aws:iam::111122223333:user/ci-legacy"],
            "sessionName": [""],
        },
    }

    def request(base: str, clock: str, **changes: Any) -> Told:
        merged = {"user": key, "sourceIPs": [ATTACKER], **changes}
        return teller.tell(f"kubernetes_audit/{base}", EKS, teller.at(clock), merged)

    yield request("selfsubjectrulesreview_create", "14:05:48"), ()
    yield request("pods_list_kubectl", "14:05:59"), ()
    command = "command=cat&command=%2Fvar%2Frun%2Fsecrets%2Fkubernetes.io%2Fserviceaccount%2Ftoken"
    pod = "/api/v1/namespaces/shop/pods/web-6c9f7d5b8-x2x7k"
    uri = f"{pod}/exec?{command}&container=web&stdout=true"
    yield request("pod_exec_websocket", "14:06:30", requestURI=uri), ("credentials_read_through_exec",)
    yield request("pod_exec_ended", "14:06:31", requestURI=uri), ()
    yield from _with_stolen_token(teller)


def _with_stolen_token(teller: Teller) -> Iterator[Step]:
    web = {
        "username": "system:serviceaccount:shop:web",
        "uid": "b5d3f7e9-2046-4c8a-9e1f-8d7c6b5a4938",
        "groups": ["system:serviceaccounts", "system:serviceaccounts:shop", "system:authenticated"],
        "extra": {"authentication.kubernetes.io/pod-name": ["web-6c9f7d5b8-x2x7k"]},
    }

    def request(base: str, clock: str, **changes: Any) -> Told:
        merged = {"user": web, "sourceIPs": [ATTACKER], "userAgent": "curl/8.5.0", **changes}
        return teller.tell(f"kubernetes_audit/{base}", EKS, teller.at(clock), merged)

    yield request("secrets_list_all", "14:09:12"), ("secrets_listed_across_namespaces",)
    admin = {
        "metadata": {"name": "shop-support"},
        "roleRef": {"name": "cluster-admin"},
        "subjects": [{"kind": "ServiceAccount", "name": "default", "namespace": "shop"}],
    }
    bound = request("clusterrolebinding_create", "14:15:03", requestObject=admin, objectRef={"name": "shop-support"})
    yield bound, ("cluster_admin_bound",)
    container = {
        "name": "node-debug",
        "image": "docker.io/library/alpine:3.20",
        "command": ["chroot", "/host", "sh", "-c", "sleep 3600"],
        "securityContext": {"privileged": True},
        "volumeMounts": [{"name": "host", "mountPath": "/host"}],
    }
    spec = {"hostPID": True, "containers": [container], "volumes": [{"name": "host", "hostPath": {"path": "/"}}]}
    body = {"metadata": {"name": "node-debug"}, "spec": spec}
    escaped = request("pod_create", "14:18:27", requestObject=body, objectRef={"name": "node-debug"})
    yield escaped, ("privileged_container_deployed", "sensitive_host_path_mounted")
