"""The fields of a finding in words, and the names that entries of Cloud Logging have for them."""

from __future__ import annotations

FIELDS = {
    "notificationConfigName": "Notification config that sent it.",
    "finding.name": "Name of the finding; it stays the same when the finding changes.",
    "finding.parent": "Source that made it.",
    "finding.category": "What was found: Persistence: IAM Anomalous Grant, PUBLIC_BUCKET_ACL, ...",
    "finding.description": "What was found, in sentences.",
    "finding.state": "ACTIVE or INACTIVE.",
    "finding.mute": "MUTED, UNMUTED or UNDEFINED.",
    "finding.severity": "CRITICAL, HIGH, MEDIUM or LOW.",
    "finding.findingClass": "THREAT, VULNERABILITY, MISCONFIGURATION, OBSERVATION, POSTURE_VIOLATION, ...",
    "finding.eventTime": "When it was seen, or last changed.",
    "finding.createTime": "When it was made.",
    "finding.resourceName": "Resource that it is about.",
    "finding.externalUri": "Where it can be looked at.",
    "finding.canonicalName": "Name with the project's number.",
    "finding.parentDisplayName": "Name of the source: Event Threat Detection, Security Health Analytics, ...",
    "finding.access.principalEmail": "Who acted.",
    "finding.access.principalSubject": "Who acted, where it is no account of Google's.",
    "finding.access.serviceAccountKeyName": "Key that was used.",
    "finding.access.callerIp": "Caller's address.",
    "finding.access.callerIpGeo.regionCode": "Its country.",
    "finding.access.userAgentFamily": "User agent's family.",
    "finding.access.serviceName": "Service that was called.",
    "finding.access.methodName": "Method that was called.",
    "finding.indicator.ipAddresses": "Addresses.",
    "finding.indicator.domains": "Domains.",
    "finding.mitreAttack.primaryTactic": "Tactic.",
    "finding.mitreAttack.primaryTechniques": "Techniques.",
    "finding.iamBindings": "Bindings that were added or removed: action, role, member.",
    "finding.iamBindings.role": "Role.",
    "finding.iamBindings.member": "Member.",
    "finding.kubernetes": "Pods, nodes, roles, bindings, access reviews.",
    "finding.containers": "Containers: name, uri, imageId.",
    "finding.processes": "Processes: name, binary, args.",
    "finding.vulnerability.cve.id": "CVE.",
    "finding.sourceProperties": "Members that are the source's own; the payload of an entry of Cloud Logging.",
    "finding.sourceProperties.detectionCategory.ruleName": "Rule of Event Threat Detection.",
    "finding.sourceProperties.detectionCategory.subRuleName": "Part of the rule.",
    "finding.sourceProperties.detectionCategory.technique": "Technique.",
    "finding.sourceProperties.detectionPriority": "LOW, MEDIUM or HIGH.",
    "finding.sourceProperties.properties": "Details of the detection.",
    "finding.sourceProperties.affectedResources": "Resources.",
    "resource.name": "Resource.",
    "resource.displayName": "Its name.",
    "resource.type": "Its type.",
    "resource.projectName": "Project, by number.",
    "resource.projectDisplayName": "Project, by name.",
    "resource.location": "Location.",
}

_ENTRY = {
    f"jsonpayload.{path.removeprefix('finding.sourceProperties.').lower()}": (path,)
    for path in FIELDS
    if path.startswith("finding.sourceProperties.")
}
_SHORT = {path.removeprefix("finding.").lower(): (path,) for path in FIELDS if path.startswith("finding.")}
ALIASES = {path.lower(): (path,) for path in FIELDS if path != path.lower()} | _ENTRY | _SHORT
