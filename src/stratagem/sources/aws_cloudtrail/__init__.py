"""AWS CloudTrail: one record for each API call and console sign-in.

The canonical shape is the record as CloudTrail writes it. Digest files and Insights records are not calls: digests
hold hashes of log files, Insights repeat what the calls behind them already say; both are counted as excluded.
"""

from __future__ import annotations

from datetime import timedelta

from stratagem.sources._contract import NO_LABELS, Derived, Labels, LogSource, Malformed, Native, Source
from stratagem.sources._text import first_text, text
from stratagem.sources.aws_cloudtrail import actor, columns, outcome, policy, request
from stratagem.sources.aws_cloudtrail.examples import EXAMPLES
from stratagem.sources.aws_cloudtrail.fields import ALIASES, FIELDS

HEAD = ("eventName", "eventSource", "eventID", "eventTime", "eventVersion")
ENDINGS = (".amazonaws.com", ".amazonaws.com.cn")


def _is_call(record: Native) -> bool:
    source = record.get("eventSource")
    return isinstance(source, str) and source.endswith(ENDINGS) and isinstance(record.get("eventName"), str)


def recognise(record: Native) -> bool:
    """An AWS service's event with a name, and an identity or a version."""
    return _is_call(record) and ("userIdentity" in record or "eventVersion" in record)


def is_canonical(head: Native) -> bool:
    """A call with the version that CloudTrail gives; trimmed records take the careful path."""
    return isinstance(head.get("eventVersion"), str) and _is_call(head)


def canonical(record: Native) -> tuple[Native, Labels]:
    """The record as it is, in whatever container it came."""
    if not recognise(record):
        raise Malformed("no eventSource and eventName of an AWS service")
    return record, labels(record)


def labels(record: Native) -> Labels:
    account, region = text(record.get("recipientAccountId")) or actor.account(record), text(record.get("awsRegion"))
    return Labels(account=account, region=region) if account or region else NO_LABELS


def is_noise(record: Native) -> bool:
    """A digest file or an Insights record."""
    return "digestS3Bucket" in record or "insightDetails" in record


def uid(head: Native) -> str | None:
    return text(head.get("eventID"))


def time(head: Native) -> str | None:
    """`eventTime`; Logstash and Panther may have moved it to a field of their own."""
    return first_text(head.get("eventTime"), head.get("@timestamp"), head.get("p_event_time"))


_IDENTITY = ("userIdentity",)
_REQUEST = ("requestParameters",)
_ECS = ("containerDefinitions", "containerOverrides")

DERIVED = {
    "outcome": Derived(
        compute=outcome.outcome,
        describe="success, denied, failure or unknown; an allowed dry run is failure, since nothing was done.",
        fields=("errorCode", "errorMessage", "eventType", "eventName", "responseElements"),
    ),
    "aws.denied": Derived(
        compute=outcome.is_denied,
        describe="Was the call refused for want of permission, in any of the spellings that AWS uses.",
        fields=("errorCode", "errorMessage"),
    ),
    "aws.dry_run": Derived(
        compute=outcome.is_dry_run,
        describe="A dry run that would have been allowed (Client.DryRunOperation).",
        fields=("errorCode",),
    ),
    "aws.action": Derived(
        compute=request.action,
        describe="The call as IAM writes it, without the API's date: lambda:ListFunctions.",
        fields=("eventSource", "eventName"),
    ),
    "aws.event_category": Derived(
        compute=request.event_category,
        describe="management, data (objects, functions, items) or network (VPC endpoints).",
        fields=("eventCategory", "managementEvent"),
    ),
    "aws.data_resource": Derived(
        compute=request.data_resource,
        describe="ARN of the object, function or table that a data event touched.",
        fields=("resources", "eventCategory", "managementEvent"),
        witnesses=("resources",),
    ),
    "aws.untargeted": Derived(
        compute=request.is_untargeted,
        describe="The call carries no selector: requestParameters is null, empty, or only paging.",
        fields=("requestParameters", "recipientAccountId"),
    ),
    "aws.actor": Derived(
        compute=actor.actor,
        describe="Stable name of who acts: user ARN, role ARN, sso/<user name> of a person, service name.",
        fields=("userIdentity", "sourceIPAddress", "requestParameters"),
    ),
    "aws.actor_kind": Derived(
        compute=actor.actor_kind,
        describe="root, user, person, role, web_identity, service, account or unknown.",
        fields=("userIdentity", "sourceIPAddress", "requestParameters"),
    ),
    "aws.session_name": Derived(
        compute=lambda record: actor.session_name(actor.identity_of(record)),
        describe="Name of the role session (an instance id for an instance role).",
        fields=_IDENTITY,
    ),
    "aws.mfa": Derived(
        compute=actor.has_mfa,
        describe="Was a second factor used for the session or the sign-in.",
        fields=("userIdentity", "additionalEventData"),
    ),
    "aws.is_console": Derived(
        compute=actor.is_console,
        describe="The call comes from the AWS console, or is the sign-in to it.",
        fields=("sessionCredentialFromConsole", "eventType", "userAgent"),
    ),
    "aws.service_call": Derived(
        compute=actor.is_service_call,
        describe="An AWS service made the call, for itself or on behalf of its caller.",
        fields=_IDENTITY,
    ),
    "aws.source_is_service": Derived(
        compute=actor.source_is_service,
        describe="sourceIPAddress is a service's name and not an address.",
        fields=("sourceIPAddress",),
    ),
    "aws.user_agent": Derived(
        compute=actor.user_agent,
        describe="userAgent without the brackets that S3 puts around it.",
        fields=("userAgent",),
    ),
    "aws.policy_statements": Derived(
        compute=policy.statements,
        describe="Statements of the policies that the call carries as JSON text, decoded.",
        fields=_REQUEST,
        witnesses=policy.WITNESSES,
    ),
    "aws.policy_allows_anyone": Derived(
        compute=policy.allows_anyone,
        describe="A statement allows everybody and no condition holds it to somebody.",
        fields=_REQUEST,
        witnesses=policy.WITNESSES,
    ),
    "aws.policy_allows_everything": Derived(
        compute=policy.allows_everything,
        describe="A statement allows every action on every resource.",
        fields=_REQUEST,
        witnesses=policy.WITNESSES,
    ),
    "aws.policy_external_accounts": Derived(
        compute=policy.external_accounts,
        describe="Accounts other than the recipient that an Allow statement names.",
        fields=("requestParameters", "recipientAccountId"),
        witnesses=policy.WITNESSES,
    ),
    "aws.policy_actions": Derived(
        compute=policy.allowed_actions,
        describe="Actions that the Allow statements of the call's policies name.",
        fields=_REQUEST,
        witnesses=policy.WITNESSES,
    ),
    "aws.ecs.containers": Derived(
        compute=request.ecs_containers,
        describe="Container definitions of a task definition, or container overrides of RunTask.",
        fields=_REQUEST,
        witnesses=_ECS,
    ),
    "aws.ecs.privileged": Derived(
        compute=request.ecs_privileged,
        describe="A container of the task definition is privileged.",
        fields=_REQUEST,
        witnesses=_ECS,
    ),
    "aws.ecs.images": Derived(
        compute=request.ecs_images, describe="Images of the containers.", fields=_REQUEST, witnesses=_ECS
    ),
    "aws.ecs.registries": Derived(
        compute=request.ecs_registries,
        describe="Registry of each image; docker.io where the image names none.",
        fields=_REQUEST,
        witnesses=_ECS,
    ),
    "aws.ecs.commands": Derived(
        compute=request.ecs_commands,
        describe="Entry point and command of each container, as one line.",
        fields=_REQUEST,
        witnesses=_ECS,
    ),
    "aws.ecs.added_capabilities": Derived(
        compute=request.ecs_added_capabilities,
        describe="Linux capabilities added to the containers.",
        fields=_REQUEST,
        witnesses=_ECS,
    ),
    "aws.ecs.host_paths": Derived(
        compute=request.ecs_host_paths,
        describe="Host folders that the task definition mounts.",
        fields=_REQUEST,
        witnesses=("sourcePath",),
    ),
    "aws.ecs.host_namespaces": Derived(
        compute=request.ecs_host_namespaces,
        describe="Which of pid, ipc and network the task definition shares with its host.",
        fields=_REQUEST,
        witnesses=("pidMode", "ipcMode", "networkMode"),
    ),
    "aws.trail_keeps_management_events": Derived(
        compute=request.keeps_management_events,
        describe="After PutEventSelectors, does the trail still record management writes.",
        fields=("eventName", "requestParameters"),
        witnesses=("PutEventSelectors",),
    ),
}

PLUGIN = Source(
    title="AWS CloudTrail",
    vendor_page=(
        "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html "
        "(read 2026-11-22)"
    ),
    enable=(
        "Create a multi-region (organisation) trail that delivers to S3 with read and write management events; "
        "add data events for the buckets and functions that matter."
    ),
    silent_gaps=(
        "Data events (S3 objects, Lambda invocations, DynamoDB items, model invocations) are off unless selected.",
        "A selector can leave out read events, and all discovery disappears with them.",
        "Kubernetes API calls, instance metadata access and traffic inside a VPC are never here.",
        "Without a trail only 90 days of management events exist, one region at a time.",
        "Regions outside the trail are silent; a SAML session without SourceIdentity shows the role alone.",
    ),
    logsources=(LogSource(product="aws", service="cloudtrail"),),
    order=60,
    recognise=recognise,
    canonical=canonical,
    is_canonical=is_canonical,
    head=HEAD,
    dispatch=("eventName", "eventSource"),
    uid=uid,
    time=time,
    uid_fields=("eventID",),
    time_fields=("eventTime",),
    shape=("eventVersion",),
    labels=labels,
    label_fields=("recipientAccountId", "userIdentity.accountId", "awsRegion"),
    ocsf=columns.PROJECTION,
    columns=columns.STRUCTURE,
    lateness=timedelta(minutes=30),
    shared=frozenset(
        {
            "awsRegion",
            "errorCode",
            "eventName",
            "eventSource",
            "eventType",
            "recipientAccountId",
            "requestID",
            "sourceIPAddress",
            "userAgent",
            "userIdentity.accessKeyId",
            "userIdentity.accountId",
            "userIdentity.arn",
            "userIdentity.principalId",
            "userIdentity.sessionContext.sessionIssuer.accountId",
            "userIdentity.sessionContext.sessionIssuer.arn",
            "userIdentity.sessionContext.sessionIssuer.principalId",
            "userIdentity.type",
            "vpcEndpointId",
        }
    ),
    examples=EXAMPLES,
    fields=FIELDS,
    derived=DERIVED,
    aliases=ALIASES,
    is_noise=is_noise,
)
