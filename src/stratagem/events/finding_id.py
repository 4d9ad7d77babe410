"""The id of a finding: the same for the same thing found, whatever the version, the engine or the order of arrival."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from stratagem.sources._json import encode


def finding_uid(analytic_uid: str, rule_uid: str, key: str | Sequence[str | None], occurrence: str) -> str:
    """32 hexadecimal digits from what identifies a finding.

    `key` is the alert key's values, in the order of the strategy. `occurrence` is the event's uid (with its source
    where a rule reads several) or the bucket in which an episode starts.
    """
    return FindingUids(analytic_uid, rule_uid, key).of(occurrence)


class FindingUids:
    """The ids of findings that share everything but their occurrence: what they share is hashed once."""

    def __init__(self, analytic_uid: str, rule_uid: str, key: str | Sequence[str | None]) -> None:
        # JSON keeps the parts apart: ["a", "bc"] and ["ab", "c"] must not meet.
        shared = encode([analytic_uid, rule_uid, key if isinstance(key, str) else list(key)])
        self._shared = hashlib.blake2b(shared[:-1] + b",", digest_size=16)

    def of(self, occurrence: str) -> str:
        """The id of one of them, as `finding_uid` gives it."""
        digest = self._shared.copy()
        digest.update(encode(occurrence) + b"]")
        return digest.hexdigest()
