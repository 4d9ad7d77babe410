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
    parts = [analytic_uid, rule_uid, key if isinstance(key, str) else list(key), occurrence]
    # JSON keeps the parts apart: ["a", "bc"] and ["ab", "c"] must not meet.
    return hashlib.blake2b(encode(parts), digest_size=16).hexdigest()
