"""A workload opens a connection to another one that it never talked to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from stratagem.emulate.techniques._contract import Expected, Habit, History, ScenarioEvent, Technique

_TO_THE_LEDGER: Mapping[str, Any] = {
    "flow.destination": {
        "namespace": "ledger",
        "pod_name": "ledger-74c9-abcde",
        "cluster_name": "prod-1",
        "identity": 31000,
        "labels": ["k8s:app=ledger"],
        "workloads": [{"name": "ledger", "kind": "Deployment"}],
    },
    "flow.l4.TCP.destination_port": 8443,
}

PLUGIN = Technique(
    title="A workload opens a connection to another one that it never talked to",
    attack=("T1046",),
    platform="network",
    describe="From a web server to the ledger: the second step inside a cluster.",
    expected=(Expected(strategy="new_service_edge", rule="new_edge", entity="ledger"),),
    events=(
        ScenarioEvent(
            base="hubble/forwarded",
            set=_TO_THE_LEDGER,
        ),
    ),
    history=History(
        days=20,
        seed=1,
        habits=(
            Habit(event=ScenarioEvent(base="hubble/forwarded"), per_day=8),
            Habit(
                event=ScenarioEvent(
                    base="hubble/forwarded",
                    set={
                        "flow.source": {
                            "namespace": "shop",
                            "pod_name": "cart-5d8f-kk7p2",
                            "cluster_name": "prod-1",
                            "identity": 17000,
                            "labels": ["k8s:app=cart"],
                            "workloads": [{"name": "cart", "kind": "Deployment"}],
                        },
                        **_TO_THE_LEDGER,
                    },
                ),
                per_day=4,
            ),
        ),
    ),
)
