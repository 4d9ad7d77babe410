"""The columns of an S3 access log, by the names that AWS gives them for Athena."""

from __future__ import annotations

KIND, KINDS = "log-type", "s3access"
"""The member that marks a canonical record, and its value."""

_WORDS = {
    "bucketowner": "Canonical id of the bucket's owner.",
    "bucket_name": "Bucket.",
    "requestdatetime": "When the request came, ISO 8601 in UTC.",
    "remoteip": "Address of the requester; proxies may stand between.",
    "requester": "ARN or canonical id of the requester; absent for anonymous requests.",
    "requestid": "Id of the request; the records of a batch deletion share it.",
    "operation": "REST.GET.OBJECT, REST.PUT.BUCKETPOLICY, BATCH.DELETE.OBJECT, S3.EXPIRE.OBJECT, ...",
    "key": "Object key, URL-encoded twice.",
    "request_uri": "First line of the request: GET /bucket/key HTTP/1.1.",
    "httpstatus": "HTTP status.",
    "errorcode": "S3's error code: AccessDenied, NoSuchKey.",
    "bytessent": "Bytes of the response.",
    "objectsize": "Bytes of the object.",
    "totaltime": "Milliseconds of the request.",
    "turnaroundtime": "Milliseconds that S3 worked on it.",
    "referrer": "Referrer.",
    "useragent": "User agent.",
    "versionid": "Version of the object.",
    "hostid": "Extended request id.",
    "sigv": "SigV2 or SigV4; absent for unsigned requests.",
    "ciphersuite": "TLS cipher suite; absent for plain HTTP.",
    "authtype": "AuthHeader, QueryString (a presigned URL) or absent.",
    "endpoint": "Host that was asked.",
    "tlsversion": "TLS version.",
    "accesspointarn": "Access point that was used.",
    "aclrequired": "Yes where the request needed an ACL.",
}
ORDER = tuple(_WORDS)
NUMBERS = frozenset({"httpstatus", "bytessent", "objectsize", "totaltime", "turnaroundtime"})

RENAMED = {
    "bucket": "bucket_name",
    "time": "requestdatetime",
    "requesturi": "request_uri",
    "signatureversion": "sigv",
    "authenticationtype": "authtype",
    "hostheader": "endpoint",
    "referer": "referrer",
}
"""Names of other exports, lower case -> name."""

FIELDS = {KIND: f"Always {KINDS}; set by stratagem.", **_WORDS}

ALIASES = (
    {path.lower(): (path,) for path in FIELDS}
    | {name: (path,) for name, path in RENAMED.items()}
    | {"src_ip": ("remoteip",)}
)
