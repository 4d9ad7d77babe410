"""What tests share: where the optional real logs are, and how a test says that it needs them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

# How long an example takes says more about the machine than about the code. A suite that passes passes again: new
# examples are looked for with `--hypothesis-profile=search`.
settings.register_profile("stratagem", deadline=None, derandomize=True)
settings.register_profile("search", deadline=None)
settings.load_profile("stratagem")


def _folder(variable: str) -> Path:
    value = os.environ.get(variable)
    if not value:
        pytest.skip(f"{variable} is not set: this test runs on logs that are not part of the project")
    return Path(value)


@pytest.fixture
def corpus() -> Path:
    """The folder of real logs, by STRATAGEM_CORPUS."""
    return _folder("STRATAGEM_CORPUS")


@pytest.fixture
def sigma_rules() -> Path:
    """A folder of public Sigma rules, by STRATAGEM_SIGMA_RULES."""
    return _folder("STRATAGEM_SIGMA_RULES")


@pytest.fixture
def reports() -> Path:
    """A folder of prose ADS reports, by STRATAGEM_REPORTS."""
    return _folder("STRATAGEM_REPORTS")
