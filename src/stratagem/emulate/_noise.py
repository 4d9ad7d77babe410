"""The ordinary day around the story: who works, deploys, scales and scans in a small company.

Half of it is made to be tempting: a network agent that is privileged by design, a dry run, an operator that lists all
Secrets for its cache, a posture scanner, a secret rotation, a refused attempt.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from stratagem.emulate._record import Changes, Teller, Told

EKS, EDGE = "prod-eu", "edge-1"
IRELAND, VIRGINIA = "111122223333/eu-west-1", "111122223333/us-east-1"
NODES = tuple(f"ip-10-20-3-{number}.eu-west-1.compute.internal" for number in (17, 18, 21, 34, 40, 52))

Make = Callable[[Teller, int], Changes | None]


def day(teller: Teller) -> Iterator[Told]:
    """Every ordinary record of the day, in no order."""
    for base, home, count, make, first, last in _ORDINARY:
        for number in range(count):
            changes = make(teller, number) if make else None
            yield teller.tell(base, home, teller.some_time(first, last), changes)


def _node(teller: Teller) -> str:
    return teller.rng.choice(NODES)


def _lease(teller: Teller, number: int) -> Changes:
    node = _node(teller)
    return {
        "requestURI": f"/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/{node}?timeout=10s",
        "user": {"username": f"system:node:{node}"},
        "sourceIPs": [_address(node)],
        "objectRef": {"name": node, "resourceVersion": str(48_200_000 + number)},
    }


def _status(teller: Teller, number: int) -> Changes:
    node = _node(teller)
    return {
        "requestURI": f"/api/v1/nodes/{node}/status?timeout=10s",
        "user": {"username": f"system:node:{node}"},
        "sourceIPs": [_address(node)],
        "objectRef": {"name": node},
    }


def _address(node: str) -> str:
    return ".".join(node.partition(".")[0].split("-")[1:])


def _token(teller: Teller, number: int) -> Changes:
    node, account = _node(teller), teller.rng.choice(("web", "cart", "payments", "report"))
    return {
        "requestURI": f"/api/v1/namespaces/shop/serviceaccounts/{account}/token",
        "user": {"username": f"system:node:{node}"},
        "sourceIPs": [_address(node)],
        "objectRef": {"name": account},
    }


def _deployment(teller: Teller, number: int) -> Changes:
    name = teller.rng.choice(("web", "cart", "payments", "search"))
    uri = f"/apis/apps/v1/namespaces/shop/deployments/{name}?fieldManager=argocd-controller&force=true"
    return {"verb": "patch", "requestURI": uri, "objectRef": {"name": name}, "responseStatus": {"code": 200}}


def _privileged_agent(teller: Teller, number: int) -> Changes:
    """The network agent's pod on a new node, by the DaemonSet controller."""
    owner = {"apiVersion": "apps/v1", "kind": "DaemonSet", "name": "network-agent", "controller": True}
    account = "system:serviceaccount:kube-system:daemon-set-controller"
    image = "registry.example.com/platform/network-agent:3.29.1"
    return {
        "requestURI": "/api/v1/namespaces/network-agent/pods",
        "userAgent": f"kube-controller-manager/v1.32.3 (linux/amd64) kubernetes/32cc146/{account}",
        "user": {"username": account},
        "objectRef": {"namespace": "network-agent"},
        "requestObject": {
            "metadata": {"generateName": "network-agent-", "ownerReferences": [owner]},
            "spec": {
                "containers": [{"name": "agent", "image": image, "securityContext": {"privileged": True}}],
                "volumes": [{"name": "etc", "hostPath": {"path": "/etc/cni/net.d"}}],
            },
        },
    }


def _dry_run(teller: Teller, number: int) -> Changes:
    """CI asks whether admission would accept a privileged pod."""
    return {
        "requestURI": "/api/v1/namespaces/shop/pods?dryRun=All&fieldManager=kubectl-create",
        "requestObject": {
            "spec": {"containers": [{"name": "t", "image": "x:1", "securityContext": {"privileged": True}}]}
        },
    }


def _cache(teller: Teller, number: int) -> Changes:
    return {
        "verb": "list",
        "requestURI": "/api/v1/secrets?limit=500&resourceVersion=0",
        "user": {"username": "system:serviceaccount:cert-manager:cert-manager"},
        "userAgent": "cert-manager-controller/v1.16.2 (linux/amd64) cert-manager/unknown",
        "sourceIPs": ["10.20.3.77"],
    }


def _terraform(teller: Teller, number: int) -> Changes:
    name = teller.rng.choice(("eks-prod-node", "shop-web-irsa", "github-actions-web", "ecsTaskExecutionRole"))
    call = teller.rng.choice(("GetRole", "GetRolePolicy", "ListAttachedRolePolicies", "ListRolePolicies"))
    return {"eventName": call, "requestParameters": {"roleName": name}}


def _pull(teller: Teller, number: int) -> Changes:
    repository = teller.rng.choice(("shop/web", "shop/cart", "shop/payments", "platform/fluent-bit"))
    return {"requestParameters": {"repositoryName": repository}, "resources": None}


def _release(teller: Teller, number: int) -> Changes:
    return {"requestParameters": {"imageTag": f"1.8.{number + 3}"}}


def _denied_task(teller: Teller, number: int) -> Changes:
    return {
        "errorCode": "AccessDeniedException",
        "errorMessage": "User: arn:aws:iam::111122223333:user/ci-legacy is not authorized to perform: "
        "ecs:RegisterTaskDefinition",
        "responseElements": None,
        "requestParameters": {"pidMode": "host"},
    }


def _person(teller: Teller, number: int) -> Changes:
    name, user_id, address = teller.rng.choice(
        (
            ("alice.novak", "a11ce000-1111-4a2b-8c3d-4e5f60718293", "198.51.100.21"),
            ("carol.okafor", "ca201000-2222-4b3c-9d4e-5f60718293a4", "198.51.100.22"),
            ("dave.lindqvist", "da7e0000-3333-4c4d-8e5f-60718293a4b5", "198.51.100.30"),
        )
    )
    properties: dict[str, Any] = {
        "userPrincipalName": f"{name}@example.com",
        "userDisplayName": name.replace(".", " ").title(),
        "userId": user_id,
        "ipAddress": address,
    }
    return {"callerIpAddress": address, "identity": properties["userDisplayName"], "properties": properties}


def _reader(teller: Teller, number: int) -> Changes:
    person = _person(teller, number)
    who = person["properties"]
    return {
        "callerIpAddress": who["ipAddress"],
        "properties": {
            "userId": who["userId"],
            "UserPrincipalObjectID": who["userId"],
            "ipAddress": who["ipAddress"],
        },
    }


_WORK = ("07:30:00", "17:30:00")
_DAY = ("00:00:00", "23:59:59")
_NIGHT = ("02:00:00", "02:20:00")

_ORDINARY: tuple[tuple[str, str, int, Make | None, str, str], ...] = (
    ("kubernetes_audit/node_lease_update", EKS, 900, _lease, *_DAY),
    ("kubernetes_audit/node_status_patch", EKS, 160, _status, *_DAY),
    ("kubernetes_audit/token_request_node", EKS, 140, _token, *_DAY),
    ("kubernetes_audit/pods_watch", EKS, 60, None, *_DAY),
    ("kubernetes_audit/secrets_watch_operator", EKS, 40, None, *_DAY),
    ("kubernetes_audit/secrets_list_all", EKS, 12, _cache, *_DAY),
    ("kubernetes_audit/secrets_list_helm", EKS, 30, None, *_WORK),
    ("kubernetes_audit/secret_get", EKS, 60, None, *_DAY),
    ("kubernetes_audit/deployment_create_gitops", EKS, 70, _deployment, *_WORK),
    ("kubernetes_audit/pod_create_by_controller", EKS, 90, None, *_DAY),
    ("kubernetes_audit/pod_create_by_controller", EKS, 8, _privileged_agent, *_DAY),
    ("kubernetes_audit/deployment_scale_autoscaler", EKS, 60, None, *_DAY),
    ("kubernetes_audit/job_create_by_controller", EKS, 24, None, *_DAY),
    ("kubernetes_audit/pod_create", EKS, 10, _dry_run, *_WORK),
    ("kubernetes_audit/pods_list_kubectl", EKS, 80, None, *_WORK),
    ("kubernetes_audit/selfsubjectaccessreview_create", EKS, 30, None, *_WORK),
    ("kubernetes_audit/pod_exec_websocket", EKS, 6, None, *_WORK),
    ("kubernetes_audit/pod_create_forbidden", EKS, 4, None, *_WORK),
    ("kubernetes_audit/anonymous_health_check", EDGE, 300, None, *_DAY),
    ("kubernetes_audit/anonymous_forbidden", EDGE, 12, None, "11:50:00", "12:40:59"),
    ("kubernetes_audit/pods_list_kubectl", EDGE, 40, None, *_WORK),
    ("kubernetes_audit/pods_watch", EDGE, 40, None, *_DAY),
    ("kubernetes_audit/daemonset_create_gitops", EDGE, 1, None, *_WORK),
    ("aws_cloudtrail/get_role_terraform", VIRGINIA, 260, _terraform, "09:00:00", "09:25:00"),
    ("aws_cloudtrail/describe_instances_terraform", IRELAND, 60, None, "09:00:00", "09:25:00"),
    ("aws_cloudtrail/cloudtrail_update_trail", IRELAND, 1, None, "09:20:00", "09:25:00"),
    ("aws_cloudtrail/ecr_batch_get_image_node", IRELAND, 150, _pull, *_DAY),
    ("aws_cloudtrail/ecr_get_authorization_token_node", IRELAND, 60, None, *_DAY),
    ("aws_cloudtrail/ecr_put_image", IRELAND, 8, _release, *_WORK),
    ("aws_cloudtrail/ecr_set_repository_policy", IRELAND, 1, None, *_WORK),
    ("aws_cloudtrail/ecs_register_task_definition", IRELAND, 8, None, *_WORK),
    ("aws_cloudtrail/ecs_register_task_definition_ec2", IRELAND, 1, _denied_task, "13:55:00", "13:56:00"),
    ("aws_cloudtrail/assume_role_by_service", IRELAND, 160, None, *_DAY),
    ("aws_cloudtrail/assume_role_with_web_identity", IRELAND, 30, None, *_WORK),
    ("aws_cloudtrail/kms_decrypt_by_service", IRELAND, 120, None, *_DAY),
    ("aws_cloudtrail/run_instances_autoscaling", IRELAND, 6, None, *_DAY),
    ("aws_cloudtrail/backup_start_job", IRELAND, 10, None, *_NIGHT),
    ("aws_cloudtrail/get_account_authorization_details_scanner", VIRGINIA, 3, None, *_NIGHT),
    ("aws_cloudtrail/list_roles_console", VIRGINIA, 12, None, *_WORK),
    ("aws_cloudtrail/list_groups_for_user", VIRGINIA, 10, None, *_WORK),
    ("aws_cloudtrail/describe_cluster", IRELAND, 14, None, *_WORK),
    ("aws_cloudtrail/console_login", VIRGINIA, 5, None, *_WORK),
    ("aws_cloudtrail/describe_instances_denied", IRELAND, 4, None, *_WORK),
    ("entra_signin/interactive_user", "SignInLogs", 60, _person, *_WORK),
    ("entra_signin/failed_password", "SignInLogs", 9, None, *_WORK),
    ("entra_signin/device_code_meeting_room", "SignInLogs", 2, None, *_WORK),
    ("entra_signin/az_cli_managed_device", "SignInLogs", 8, None, *_WORK),
    ("entra_signin/non_interactive_user", "NonInteractiveUserSignInLogs", 220, _person, *_WORK),
    ("entra_signin/service_principal", "ServicePrincipalSignInLogs", 60, None, *_DAY),
    ("entra_signin/managed_identity", "ManagedIdentitySignInLogs", 60, None, *_DAY),
    ("entra_audit/update_user_provisioning", "AuditLogs", 30, None, *_NIGHT),
    ("entra_audit/add_member_to_group", "AuditLogs", 5, None, *_WORK),
    ("entra_audit/update_application_secrets_rotation", "AuditLogs", 1, None, *_NIGHT),
    ("entra_audit/remove_service_principal_credentials", "AuditLogs", 1, None, *_WORK),
    ("graph_activity/me_member_of", "MicrosoftGraphActivityLogs", 240, _reader, *_WORK),
    ("graph_activity/list_groups_portal", "MicrosoftGraphActivityLogs", 10, None, *_WORK),
    ("graph_activity/provisioning_group_members", "MicrosoftGraphActivityLogs", 60, None, *_NIGHT),
    ("graph_activity/service_principal_users_delta", "MicrosoftGraphActivityLogs", 60, None, *_NIGHT),
    ("m365_audit/file_accessed", "Audit.SharePoint", 90, None, *_WORK),
    ("m365_audit/user_logged_in", "Audit.AzureActiveDirectory", 60, None, *_WORK),
    ("m365_audit/set_mailbox_system", "Audit.Exchange", 40, None, *_DAY),
    ("m365_audit/set_admin_audit_log_config_system", "Audit.Exchange", 1, None, *_NIGHT),
    ("m365_audit/new_inbox_rule", "Audit.Exchange", 3, None, *_WORK),
)
"""Base, home, how many, what differs, and between which times."""
