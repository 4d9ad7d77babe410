"""The fields of a message trace in words, and the Graph API's names for them."""

from __future__ import annotations

FIELDS = {
    "Organization": "Domain of the tenant.",
    "MessageId": "Message-ID header.",
    "MessageTraceId": "Id of the message inside Exchange Online.",
    "Received": "When Exchange got it, UTC.",
    "SenderAddress": "Sender of the envelope.",
    "RecipientAddress": "Recipient.",
    "Subject": "Subject.",
    "Status": "Delivered, Failed, Pending, Expanded, Quarantined, FilteredAsSpam, Resolved, GettingStatus or None.",
    "FromIP": "Address that sent it.",
    "ToIP": "Address that it was handed to.",
    "Size": "Bytes.",
    "Index": "Place in the answer.",
}

GRAPH = {
    "id": "MessageTraceId",
    "messageId": "MessageId",
    "receivedDateTime": "Received",
    "senderAddress": "SenderAddress",
    "recipientAddress": "RecipientAddress",
    "subject": "Subject",
    "status": "Status",
    "fromIP": "FromIP",
    "toIP": "ToIP",
    "size": "Size",
}

ALIASES = {name.lower(): (name,) for name in FIELDS} | {"receiveddatetime": ("Received",)}
