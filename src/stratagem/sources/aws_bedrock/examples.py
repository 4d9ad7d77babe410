"""Invocation logs of our own making: a conversation, a call that a guardrail stopped, one that was denied."""

from __future__ import annotations

from typing import Any

from stratagem.sources._contract import Example
from stratagem.sources._samples import dump, lines

ACCOUNT = "111122223333"


def _call(number: int, operation: str, model: str, arn: str, **members: Any) -> dict[str, Any]:
    return {
        "schemaType": "ModelInvocationLog",
        "schemaVersion": "1.0",
        "timestamp": f"2026-11-20T10:00:{number:02}Z",
        "accountId": ACCOUNT,
        "identity": {"arn": f"arn:aws:{arn}"},
        "region": "eu-west-1",
        "requestId": f"11111111-0000-4000-8000-00000000000{number}",
        "operation": operation,
        "modelId": model,
        **members,
    }


RECORDS = {
    "converse": _call(
        1,
        "Converse",
        "example.model-v1:0",
        f"sts::{ACCOUNT}:assumed-role/assistant/i-0123456789abcdef0",
        input={
            "inputContentType": "application/json",
            "inputBodyJson": {"messages": [{"role": "user", "content": [{"text": "What is the weather?"}]}]},
            "inputTokenCount": 12,
        },
        output={
            "outputContentType": "application/json",
            "outputBodyJson": {"stopReason": "end_turn", "usage": {"totalTokens": 40}},
            "outputTokenCount": 28,
        },
    ),
    "guardrail": _call(
        2,
        "InvokeModel",
        f"arn:aws:bedrock:eu-west-1:{ACCOUNT}:inference-profile/eu.example.model-v1:0",
        f"sts::{ACCOUNT}:assumed-role/AWSReservedSSO_Developer_0123456789abcdef/dana@example.com",
        input={"inputContentType": "application/json", "inputBodyJson": {"prompt": "Tell me"}, "inputTokenCount": 2},
        output={
            "outputContentType": "application/json",
            "outputBodyJson": {"amazon-bedrock-guardrailAction": "INTERVENED"},
            "outputTokenCount": 0,
        },
    ),
    "denied": _call(
        3, "InvokeModel", "example.model-v1:0", f"iam::{ACCOUNT}:user/eve", errorCode="AccessDeniedException"
    ),
}
"""Name -> canonical record."""

EXAMPLES = (
    Example(name="s3_lines", raw=lines(RECORDS.values()), records=len(RECORDS)),
    Example(
        name="cloudwatch",
        raw=dump(
            {
                "messageType": "DATA_MESSAGE",
                "owner": ACCOUNT,
                "logGroup": "bedrock",
                "logEvents": [
                    {"id": "1", "timestamp": 1795168801000, "message": dump(RECORDS["converse"]).decode()},
                ],
            }
        ),
    ),
)
