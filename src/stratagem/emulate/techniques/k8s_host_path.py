"""A pod mounts the node's root folder."""

from __future__ import annotations

from stratagem.emulate.techniques._contract import Command, Expected, Live, ScenarioEvent, Technique
from stratagem.emulate.techniques._kubernetes import NAMESPACE

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
    live=Live(
        sandbox="kubernetes",
        warmup=(NAMESPACE,),
        detonate=(
            Command(
                line=(
                    "kubectl run probe -n {run} --restart=Never --image={pause} "
                    '\'--overrides={"spec":{"volumes":[{"name":"host","hostPath":{"path":"/"}}],'
                    '"containers":[{"name":"probe","image":"{pause}","volumeMounts":[{"name":"host",'
                    '"mountPath":"/host","readOnly":true}]}]}}\''
                )
            ),
        ),
    ),
    source="https://stratus-red-team.cloud/attack-techniques/kubernetes/k8s.privilege-escalation.hostpath-volume/",
)
