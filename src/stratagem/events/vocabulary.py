"""The words of `events`: every column's path, type and meaning.

Columns keep OCSF paths (version 1.6.0); ours stand beside them at the top level.
Source: https://schema.ocsf.io/1.6.0 (the schema files of the package ocsf-json-schema 1.2.0), read 2026-11-22.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

EVENTS_VERSION = 3
"""Goes up with every change of a column's name or type; it is stored in the lake's table."""

OCSF_VERSION = "1.6.0"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One leaf of the schema: its dotted path, its DuckDB type, and one line for the reference page.

    `given_by` tells who fills it: a source's projection, ingest (batch columns), or stratagem from the other two.
    """

    path: str
    type: str
    describe: str
    given_by: str = "projection"


def _columns(text: str, given_by: str = "projection", prefix: str = "") -> Iterator[Column]:
    """Read the `path | type | description` lines of the tables below."""
    for line in text.strip().splitlines():
        path, kind, describe = (part.strip() for part in line.split("|", 2))
        yield Column(path=prefix + path, type=kind, describe=describe, given_by=given_by)


_RESOURCE = (
    "STRUCT(uid VARCHAR, name VARCHAR, type VARCHAR, namespace VARCHAR, region VARCHAR, version VARCHAR, "
    '"group" STRUCT(name VARCHAR, uid VARCHAR), owner STRUCT(uid VARCHAR, name VARCHAR))[]'
)

_INGEST = """
event_uid    | VARCHAR     | The event's id among its source's events; its record hash where the log has none.
source       | VARCHAR     | Source id (`aws_cloudtrail`). Partition.
file         | VARCHAR     | File or URL that the record came from.
offset       | BIGINT      | Byte offset of its line or document in the decompressed file.
index        | BIGINT      | Its place inside that document; 0 for a line that is one record.
record_hash  | BIGINT      | xxh3-64 of the canonical record, the unsigned 64 bits read as signed.
revision     | VARCHAR     | What orders copies of one event (later sign-in states); numbers are zero-padded text.
raw_data     | VARCHAR     | The canonical record, as JSON text. Null where the run keeps file and offset only.
"""

_DERIVED = """
day          | DATE        | UTC date of `time`. Partition.
ingest_time  | TIMESTAMPTZ | When stratagem read the record. Null in runs that must be repeatable to the byte.
category_uid | INTEGER     | OCSF category: the thousands of `class_uid`.
type_uid     | BIGINT      | OCSF type: `class_uid` * 100 + `activity_id`.
"""

_OWN = """
time         | TIMESTAMPTZ | Event time. A record without one is quarantined.
cluster      | VARCHAR     | Kubernetes cluster label; the input's label where the projection is silent.
account      | VARCHAR     | Account or subscription label; the input's label where the projection is silent.
tenant       | VARCHAR     | Tenant label; the input's label where the projection is silent.
region       | VARCHAR     | Region label; the input's label where the projection is silent.
principal    | VARCHAR     | Who acted, `provider:scope:durable id`: equal names of two clusters never join.
impersonator | VARCHAR     | Who acted as `principal`, in the same form, where the log tells both.
session      | VARCHAR     | The session in which `principal` acted (role session name, access key, sign-in session).
class_uid    | INTEGER     | OCSF class: 6003 API Activity, 3002 Authentication, 4001 Network Activity, 2004 and more.
activity_id  | INTEGER     | OCSF activity of the class; 0 unknown, 99 other.
severity_id  | INTEGER     | OCSF severity of the record itself; 1 informational where the projection is silent.
severity     | VARCHAR     | Severity in the log's own word.
start_time   | TIMESTAMPTZ | Where the record tells of an interval: when it began.
end_time     | TIMESTAMPTZ | Where the record tells of an interval: when it ended.
"""

_OUTCOME = """
status_id     | INTEGER | 1 success, 2 failure, 0 unknown, 99 other.
status        | VARCHAR | Outcome in the log's own word.
status_code   | VARCHAR | The log's code of the outcome (HTTP status, AWS error code, Entra error number).
status_detail | VARCHAR | Why, in the log's own words.
action_id     | INTEGER | What a control did: 1 allowed, 2 denied, 3 observed, 0 unknown, 99 other.
action        | VARCHAR | The same in the log's own word (`ACCEPT`, `REJECT`, `REDIRECTED`).
disposition_id | INTEGER | What came of it: 1 allowed, 2 blocked, 6 dropped, 17 logged, 27 error, 0 unknown, 99 other.
disposition   | VARCHAR | The same in the log's own word.
message       | VARCHAR | The log's own description of the event.
unmapped      | VARCHAR | What has no OCSF path and is worth a column, as JSON text.
"""

_METADATA = """
uid                 | VARCHAR | The event's id: `event_uid` where the projection is silent.
version             | VARCHAR | OCSF version.
product.name        | VARCHAR | Product that wrote the log.
product.vendor_name | VARCHAR | Its vendor.
log_name            | VARCHAR | The log inside the product (a category, a log group, a table).
log_provider        | VARCHAR | The service that produced the log.
log_version         | VARCHAR | The record format's version.
event_code          | VARCHAR | The log's own code or type of the event.
original_time       | VARCHAR | Event time as the record has it.
correlation_uid     | VARCHAR | What ties records of one action together.
tenant_uid          | VARCHAR | Tenant id, as the record has it.
"""

_USER = """
name         | VARCHAR   | Login or principal name.
uid          | VARCHAR   | Durable id inside its account or tenant.
uid_alt      | VARCHAR   | A second id (ARN, object id, UPN).
full_name    | VARCHAR   | The person's name.
type         | VARCHAR   | Kind of user in the log's own word.
type_id      | INTEGER   | 1 user, 2 admin, 3 system, 4 service, 0 unknown, 99 other.
email_addr   | VARCHAR   | Mail address.
domain       | VARCHAR   | Domain or realm.
risk_level   | VARCHAR   | Risk that the provider assigns, in its own word.
account.uid  | VARCHAR   | Account or tenant that the user belongs to.
account.name | VARCHAR   | Its name.
groups       | STRUCT(uid VARCHAR, name VARCHAR)[] | Groups that the user is a member of.
"""

_ACTOR = """
session.uid             | VARCHAR   | Session id.
session.uid_alt         | VARCHAR   | A second session id (role session name).
session.issuer          | VARCHAR   | Who issued the session (role ARN, identity provider).
session.created_time    | TIMESTAMPTZ | When the session began.
session.expiration_time | TIMESTAMPTZ | When it ends.
session.is_mfa          | BOOLEAN   | Was MFA used to begin it.
session.credential_uid  | VARCHAR   | Credential behind it (access key id, certificate).
idp.name                | VARCHAR   | Identity provider's name.
idp.uid                 | VARCHAR   | Identity provider's id.
invoked_by              | VARCHAR   | Service that acted on behalf of the user.
app_name                | VARCHAR   | Client application's name.
app_uid                 | VARCHAR   | Client application's id.
"""

_GROUP = """
uid    | VARCHAR | Group id.
name   | VARCHAR | Group name.
type   | VARCHAR | Group type in the log's own word.
domain | VARCHAR | Domain or tenant of the group.
"""

_ENTITY = """
uid     | VARCHAR | Id of the managed entity (role, policy, application, secret).
name    | VARCHAR | Its name.
type    | VARCHAR | Its type in the log's own word.
version | VARCHAR | Its version.
data    | VARCHAR | What was managed or changed, as JSON text.
"""

_ENDPOINT = """
ip                       | VARCHAR   | IP address, and nothing but an address.
port                     | INTEGER   | Port.
hostname                 | VARCHAR   | Host name.
domain                   | VARCHAR   | Domain.
name                     | VARCHAR   | Name of the endpoint (node, pod, function).
uid                      | VARCHAR   | Its id.
type                     | VARCHAR   | Its type in the log's own word.
cluster                  | VARCHAR   | Kubernetes cluster of the workload (ours, not OCSF's).
namespace                | VARCHAR   | Kubernetes namespace of the workload (ours, not OCSF's).
workload                 | VARCHAR   | What the pod or instance belongs to, whose name outlives it (ours, not OCSF's).
svc_name                 | VARCHAR   | Service name, where a service stands in an address's place.
instance_uid             | VARCHAR   | Instance id.
interface_uid            | VARCHAR   | Network interface or VPC endpoint id.
vpc_uid                  | VARCHAR   | Virtual network id.
subnet_uid               | VARCHAR   | Subnet id.
zone                     | VARCHAR   | Availability zone.
mac                      | VARCHAR   | Hardware address.
intermediate_ips         | VARCHAR[] | Proxies between, nearest to the client first.
location.country         | VARCHAR   | ISO 3166 country code.
location.region          | VARCHAR   | State or region.
location.city            | VARCHAR   | City.
autonomous_system.number | BIGINT    | AS number.
autonomous_system.name   | VARCHAR   | AS name.
"""

_DEVICE = """
uid          | VARCHAR | Device id.
name         | VARCHAR | Device name.
hostname     | VARCHAR | Host name.
os.name      | VARCHAR | Operating system.
is_managed   | BOOLEAN | Is the device managed.
is_compliant | BOOLEAN | Does it meet its policy.
"""

_API = """
operation              | VARCHAR | Operation: event name, verb, activity.
version                | VARCHAR | API version.
group.name             | VARCHAR | API group.
service.name           | VARCHAR | Service whose API was called.
service.uid            | VARCHAR | Its id.
request.uid            | VARCHAR | Request id.
request.flags          | VARCHAR[] | Flags of the request (dry run, impersonation).
response.code          | INTEGER | Numeric response code.
response.error         | VARCHAR | Error code in the log's own word.
response.error_message | VARCHAR | Error message.
response.message       | VARCHAR | Other message of the response.
"""

_CLOUD = """
provider        | VARCHAR | AWS, Azure, GCP.
region          | VARCHAR | Region; the input's label where the projection is silent.
zone            | VARCHAR | Zone.
account.uid     | VARCHAR | Account, subscription or project that was acted in.
account.name    | VARCHAR | Its name.
org.uid         | VARCHAR | Organisation or tenant.
org.name        | VARCHAR | Its name.
cloud_partition | VARCHAR | Partition (`aws-us-gov`).
"""

_HTTP = """
user_agent       | VARCHAR   | User agent.
http_method      | VARCHAR   | Method, upper case.
version          | VARCHAR   | Protocol version.
uid              | VARCHAR   | Request id.
referrer         | VARCHAR   | Referrer.
url.url_string   | VARCHAR   | The whole URL.
url.path         | VARCHAR   | Path.
url.query_string | VARCHAR   | Query.
url.hostname     | VARCHAR   | Host.
x_forwarded_for  | VARCHAR[] | Addresses of the header of that name.
"""

_SIGN_IN = """
service.name     | VARCHAR   | Service or application that was signed in to.
service.uid      | VARCHAR   | Its id.
is_mfa           | BOOLEAN   | Was MFA used.
is_new_logon     | BOOLEAN   | Is the logon from a place or device not seen before, as the log says.
is_remote        | BOOLEAN   | Is it a remote logon.
auth_protocol    | VARCHAR   | Authentication protocol in the log's own word.
auth_protocol_id | INTEGER   | OCSF id of it.
logon_type       | VARCHAR   | Kind of logon in the log's own word.
logon_type_id    | INTEGER   | OCSF id of it.
privileges       | VARCHAR[] | Privileges or roles granted.
policy.uid       | VARCHAR   | Policy that was attached, changed or applied.
policy.name      | VARCHAR   | Its name.
"""

_NETWORK = """
connection_info.uid             | VARCHAR | Connection id.
connection_info.protocol_num    | INTEGER | IANA protocol number.
connection_info.protocol_name   | VARCHAR | Protocol name, lower case.
connection_info.protocol_ver_id | INTEGER | 4 IPv4, 6 IPv6, 0 unknown.
connection_info.direction_id    | INTEGER | 1 inbound, 2 outbound, 3 lateral, 0 unknown.
connection_info.direction       | VARCHAR | The same in the log's own word.
connection_info.tcp_flags       | INTEGER | TCP flags seen, as a number (2 is SYN, 18 SYN and ACK).
traffic.bytes                   | BIGINT  | Bytes in both directions, as far as the record tells.
traffic.bytes_in                | BIGINT  | Bytes to the source.
traffic.bytes_out               | BIGINT  | Bytes from the source.
traffic.packets                 | BIGINT  | Packets in both directions, as far as the record tells.
traffic.packets_in              | BIGINT  | Packets to the source.
traffic.packets_out             | BIGINT  | Packets from the source.
is_src_dst_assignment_known     | BOOLEAN | Is the source certainly the one that opened the connection.
firewall_rule.uid               | VARCHAR | Id of the rule that allowed or denied the traffic.
firewall_rule.name              | VARCHAR | Its name.
"""

_DNS = """
query.hostname | VARCHAR | Name that was asked for, without a trailing dot, lower case.
query.type     | VARCHAR | Record type (`A`, `TXT`).
query.class    | VARCHAR | Resource record class (`IN`).
rcode          | VARCHAR | Response code in the log's own word.
rcode_id       | INTEGER | DNS response code: 0 no error, 3 no such name.
answers        | STRUCT(rdata VARCHAR, type VARCHAR)[] | The answer, in the order of the record.
"""

_HTTP_RESPONSE = """
code        | INTEGER | HTTP status.
latency     | BIGINT  | Milliseconds until the response.
length      | BIGINT  | Bytes of the response.
"""

_FINDING = """
uid             | VARCHAR     | Id of the finding: the same each time that the product reports it.
title           | VARCHAR     | Its title.
desc            | VARCHAR     | What was found, in the product's words.
types           | VARCHAR[]   | Its types in the product's own words.
created_time    | TIMESTAMPTZ | When the product made it.
modified_time   | TIMESTAMPTZ | When the product last changed it.
first_seen_time | TIMESTAMPTZ | When what it tells of was first seen.
last_seen_time  | TIMESTAMPTZ | When it was last seen.
src_url         | VARCHAR     | Where it can be looked at.
analytic.name   | VARCHAR     | Rule or check that made it.
analytic.uid    | VARCHAR     | Id of that rule or check.
"""

_PROCESS = """
name              | VARCHAR     | Name of the executable.
pid               | BIGINT      | Process id on the host.
namespace_pid     | BIGINT      | Process id inside its container.
uid               | VARCHAR     | The sensor's id of the process, unique over time where it gives one.
cmd_line          | VARCHAR     | Command line: the executable and its arguments.
working_directory | VARCHAR     | Working directory.
created_time      | TIMESTAMPTZ | When the process started.
path              | VARCHAR     | Path of the executable.
user.uid          | VARCHAR     | Numeric user id that it runs as.
user.name         | VARCHAR     | Name of that user.
"""

_CONTAINER = """
uid          | VARCHAR | Container id, as long as the log has it.
name         | VARCHAR | Container name.
runtime      | VARCHAR | Runtime (containerd, docker).
orchestrator | VARCHAR | Kubernetes where the log names a pod.
image.uid    | VARCHAR | Image id or digest.
image.name   | VARCHAR | Image reference, without tag where the log gives that apart.
image.tag    | VARCHAR | Image tag.
"""

COLUMNS: tuple[Column, ...] = (
    *_columns(_INGEST, "ingest"),
    *_columns(_DERIVED, "stratagem"),
    *_columns(_OWN),
    *_columns(_OUTCOME),
    *_columns(_METADATA, prefix="metadata."),
    *_columns(_USER, prefix="actor.user."),
    *_columns(_ACTOR, prefix="actor."),
    *_columns(_USER, prefix="user."),
    *_columns(_GROUP, prefix="group."),
    *_columns(_ENTITY, prefix="entity."),
    *_columns(_ENDPOINT, prefix="src_endpoint."),
    *_columns(_ENDPOINT, prefix="dst_endpoint."),
    *_columns(_DEVICE, prefix="device."),
    *_columns(_API, prefix="api."),
    *_columns(_CLOUD, prefix="cloud."),
    *_columns(_HTTP, prefix="http_request."),
    Column(path="resources", type=_RESOURCE, describe="What was acted on, in the order of the record."),
    *_columns(_SIGN_IN),
    *_columns(_NETWORK),
    *_columns(_DNS),
    *_columns(_HTTP_RESPONSE, prefix="http_response."),
    *_columns(_PROCESS, prefix="process."),
    *_columns(_CONTAINER, prefix="process.container."),
    *_columns(_PROCESS, prefix="process.parent_process."),
    *_columns(_PROCESS, prefix="actor.process."),
    Column(path="exit_code", type="INTEGER", describe="Exit code of a process that ended."),
    *_columns(_FINDING, prefix="finding_info."),
)
"""Every leaf, in the order of the table."""

FALLBACKS: Mapping[str, str] = {
    "cluster": "label_cluster",
    "account": "label_account",
    "tenant": "label_tenant",
    "region": "label_region",
    "cloud.region": "label_region",
    "metadata.uid": "event_uid",
}
"""Path -> the column of the batch that stands in where a projection gives no value."""

DEFAULTS: Mapping[str, str] = {"severity_id": "1", "status_id": "0"}
"""Path -> the value where a projection gives none: informational, unknown."""

_ALWAYS = {column.path for column in COLUMNS if column.given_by != "projection"} | FALLBACKS.keys() | DEFAULTS.keys()


def may_give(select: str, field: str) -> bool:
    """Whether the projection `select` may fill a field of a rule: a column's path, what is above it, or inside it.

    A projection that does not so much as name the column never fills it. True for what is no column.
    """
    columns = [
        column.path
        for column in COLUMNS
        if column.path == field or column.path.startswith(f"{field}.") or field.startswith(f"{column.path}.")
    ]
    return not columns or any(path in _ALWAYS or path in select for path in columns)
