"""A pod mounts the node's root folder."""

from __future__ import annotations

from stratagem.emulate.techniques._contract import Expected, ScenarioEvent, Technique
from stratagem.emulate.techniques._kubernetes import pod_with

PLUGIN = Technique(
    title="A pod mounts the node's root folder",
    attack=("T1611", "T1610"),
    platform="kubernetes",
    describe="The node's keys, tokens and binaries are files of the pod.",
    expected=(Expected(strategy="sensitive_host_path_mounted", entity="bob.silva@example.com"),),
    events=(
        ScenarioEvent(
            base="kubernetes_audit/pod_create",
            set={
                "requestObject.spec.volumes": [{"name": "host", "hostPath": {"path": "/"}}],
                "requestObject.spec.containers[0].volumeMounts": [{"name": "host", "mountPath": "/host"}],
            },
        ),
    ),
    live=pod_with(
        {
            "volumes": [{"name": "host", "hostPath": {"path": "/"}}],
            "containers": [
                {
                    "name": "probe",
                    "image": "{pause}",
                    "volumeMounts": [{"name": "host", "mountPath": "/host", "readOnly": True}],
                }
            ],
        }
    ),
    source="https://stratus-red-team.cloud/attack-techniques/kubernetes/k8s.privilege-escalation.hostpath-volume/",
)
