"""Members that every OCSF event has, in words; the others are those of its class."""

from __future__ import annotations

FIELDS = {
    "class_uid": "Class of the event: 6003 API Activity, 4001 Network Activity.",
    "class_name": "Name of the class.",
    "category_uid": "Category of the class.",
    "activity_id": "Activity of the class.",
    "activity_name": "Name of the activity.",
    "type_uid": "class_uid * 100 + activity_id.",
    "time": "Event time, epoch milliseconds.",
    "time_dt": "Event time as text.",
    "severity_id": "Severity: 1 informational to 6 fatal.",
    "status_id": "1 success, 2 failure.",
    "message": "The event in words.",
    "metadata.uid": "Id of the event.",
    "metadata.version": "Version of the schema.",
    "metadata.product.name": "Product whose log was mapped.",
    "metadata.product.vendor_name": "Its vendor.",
    "cloud.provider": "AWS, Azure, GCP.",
    "cloud.account.uid": "Account.",
    "cloud.region": "Region.",
    "actor.user.name": "Who acted.",
    "src_endpoint.ip": "Address of the initiator.",
    "dst_endpoint.ip": "Address of the target.",
    "unmapped": "What has no OCSF path.",
}

ALIASES = {path.lower(): (path,) for path in FIELDS}
