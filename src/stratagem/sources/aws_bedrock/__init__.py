"""Amazon Bedrock model invocation logs: prompts, answers and token counts of every call of a model.

The canonical shape is the record as it comes to S3 and CloudWatch Logs. CloudTrail tells that a model was called; what
was asked and answered is only here.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from stratagem.sources._contract import Derived, Labels, LogSource, Malformed, Native, Source
from stratagem.sources._text import at, first_text, listing, objects, text
from stratagem.sources.aws_bedrock import columns
from stratagem.sources.aws_bedrock.examples import EXAMPLES
from stratagem.sources.aws_bedrock.fields import ALIASES, FIELDS

KIND = "ModelInvocationLog"


def recognise(record: Native) -> bool:
    """The type of schema that only these records name."""
    return record.get("schemaType") == KIND


def is_canonical(head: Native) -> bool:
    return recognise(head) and isinstance(head.get("operation"), str)


def canonical(record: Native) -> tuple[Native, Labels]:
    """The record as it is. Raises Malformed where it names no operation."""
    if not is_canonical(record):
        raise Malformed("operation is missing")
    return record, labels(record)


def labels(record: Native) -> Labels:
    return Labels(account=text(record.get("accountId")), region=text(record.get("region")))


def uid(head: Native) -> str | None:
    return text(head.get("requestId"))


def time(head: Native) -> str | None:
    return text(head.get("timestamp"))


def _tokens(side: str) -> Any:
    def compute(record: Native) -> int | None:
        count = at(record, side, f"{side}TokenCount")
        return count if isinstance(count, int) and not isinstance(count, bool) else None

    return compute


def _texts(message: Any) -> Iterator[str]:
    """The texts of a message, whose content is text or a list of blocks."""
    content = message.get("content") if isinstance(message, dict) else message
    for block in listing(content) if not isinstance(content, str) else [content]:
        said = block if isinstance(block, str) else text(at(block, "text"))
        if said:
            yield said


def prompt(record: Native) -> str | None:
    """What was asked, as far as the body is in the record: the last message, or the text of an older model."""
    body = at(record, "input", "inputBodyJson")
    messages = list(objects(at(body, "messages")))
    if messages:
        return "\n".join(_texts(messages[-1])) or None
    return first_text(at(body, "prompt"), at(body, "inputText"), at(body, "text"))


def stop_reason(record: Native) -> str | None:
    """`guardrail_intervened` where a guardrail stopped it."""
    body = at(record, "output", "outputBodyJson")
    if at(body, "amazon-bedrock-guardrailAction") == "INTERVENED":
        return "guardrail_intervened"
    return first_text(at(body, "stopReason"), at(body, "stop_reason"), at(body, "completionReason"))


def outcome(record: Native) -> str:
    code = text(record.get("errorCode"))
    return "success" if code is None else "denied" if code == "AccessDeniedException" else "failure"


DERIVED = {
    "outcome": Derived(compute=outcome, describe="success, denied or failure.", fields=("errorCode",)),
    "bedrock.input_tokens": Derived(
        compute=_tokens("input"), describe="Tokens of the prompt.", fields=("input",), witnesses=("inputTokenCount",)
    ),
    "bedrock.output_tokens": Derived(
        compute=_tokens("output"), describe="Tokens of the answer.", fields=("output",), witnesses=("outputTokenCount",)
    ),
    "bedrock.prompt": Derived(
        compute=prompt,
        describe="What was asked last, where the body is in the record.",
        fields=("input",),
        witnesses=("inputBodyJson",),
    ),
    "bedrock.stop_reason": Derived(
        compute=stop_reason,
        describe="Why the answer ended; guardrail_intervened where a guardrail stopped it.",
        fields=("output",),
        witnesses=("outputBodyJson",),
    ),
}

PLUGIN = Source(
    title="Amazon Bedrock model invocation logs",
    vendor_page="https://docs.aws.amazon.com/bedrock/latest/userguide/model-invocation-logging.html",
    enable="Turn on model invocation logging in every region with models, with text, to S3 or CloudWatch Logs.",
    silent_gaps=(
        "Off until enabled, for each region; whoever may call DeleteModelInvocationLoggingConfiguration ends it.",
        "Bodies over 100 kB lie in S3 apart, and the record names where.",
        "Calls of other endpoints than bedrock-runtime (Marketplace, agents' own steps) may be missing.",
        "Prompts may hold personal data and secrets.",
    ),
    logsources=(LogSource(product="aws", service="bedrock"),),
    order=58,
    recognise=recognise,
    canonical=canonical,
    is_canonical=is_canonical,
    head=("schemaType", "operation", "modelId", "requestId", "timestamp"),
    dispatch=("operation", "modelId"),
    uid=uid,
    time=time,
    uid_fields=("requestId",),
    time_fields=("timestamp",),
    shape=("schemaType",),
    labels=labels,
    label_fields=("accountId", "region"),
    ocsf=columns.PROJECTION,
    columns=columns.STRUCTURE,
    lateness=timedelta(hours=1),
    shared=frozenset({"identity.arn", "modelId", "operation"}),
    examples=EXAMPLES,
    fields=FIELDS,
    derived=DERIVED,
    aliases=ALIASES,
)
