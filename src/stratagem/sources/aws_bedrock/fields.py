"""The fields of an invocation log in words."""

from __future__ import annotations

FIELDS = {
    "schemaType": "ModelInvocationLog.",
    "schemaVersion": "Version of the format.",
    "timestamp": "When the model was called.",
    "accountId": "Account.",
    "region": "Region.",
    "requestId": "Id of the request, as in CloudTrail.",
    "operation": "InvokeModel, InvokeModelWithResponseStream, Converse, ConverseStream, ...",
    "modelId": "Model, inference profile or its ARN.",
    "identity.arn": "Who called.",
    "errorCode": "Error.",
    "inferenceRegion": "Region that computed it, for cross-region profiles.",
    "input.inputContentType": "Type of the prompt.",
    "input.inputTokenCount": "Tokens of the prompt.",
    "input.inputBodyJson": "Prompt.",
    "input.inputBodyS3Path": "Where a large prompt lies.",
    "output.outputContentType": "Type of the answer.",
    "output.outputTokenCount": "Tokens of the answer.",
    "output.outputBodyJson": "Answer.",
    "output.outputBodyS3Path": "Where a large answer lies.",
    "requestMetadata": "Tags that the caller gave.",
}

ALIASES = {path.lower(): (path,) for path in FIELDS if path != path.lower()}
