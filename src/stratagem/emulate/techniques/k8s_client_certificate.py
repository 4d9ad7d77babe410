"""A client certificate is requested."""

from __future__ import annotations

from stratagem.emulate.techniques._contract import Command, Expected, Live, ScenarioEvent, Technique, Thing

CSR = (
    "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0KTUlIY01JR0RBZ0VBTUNFeEh6QWRCZ05WQkFNTUZt"
    "RmtjeTF1YjJKdlpIbEFaWGhoYlhCc1pTNWpiMjB3V1RBVApCZ2NxaGtqT1BRSUJCZ2dxaGtqT1BRTUJCd05DQUFR"
    "dERuOGJUeGtWVUZBOGpqYXVDZkZFTWo5TTUzbWVSUzJKCnJPd2J6MGI1VzFWUTU3UEwzWFQySnlQc0hyaU01Q0Z4"
    "bkdNMnd3VUwydFp4dUl4aVM2NVNvQUF3Q2dZSUtvWkkKemowRUF3SURTQUF3UlFJaEFQbTFSbzFzRUJKN2ZTQ0hh"
    "bHoyN1F0ZjZyQndYUGVWd2RSZW9SdkFYekZGQWlCZwpScGtLckkrbmJRMjRueUlqeUpkZlE0NEtydk90cTRZL0lW"
    "VVMvbXB5U0E9PQotLS0tLUVORCBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0K"
)
"""PEM in base64, made by openssl for CN=ads-nobody@example.com; its key was thrown away."""
REQUEST = """\
apiVersion: certificates.k8s.io/v1
kind: CertificateSigningRequest
metadata:
  name: "{run}"
spec:
  signerName: kubernetes.io/kube-apiserver-client
  usages: [client auth]
  expirationSeconds: 3600
  request: {csr}
"""
"""Asks for a name that is bound to nothing; nobody approves it."""

PLUGIN = Technique(
    title="A client certificate is requested",
    attack=("T1098.006",),
    platform="kubernetes",
    describe="A signed client certificate cannot be revoked, and outlives every change to the account.",
    expected=(
        Expected(
            strategy="client_certificate_requested",
            rule="client_certificate_requested",
            entity="alice.novak@example.com",
        ),
    ),
    events=(
        ScenarioEvent(
            base="kubernetes_audit/clusterrolebinding_create",
            set={
                "objectRef": {
                    "resource": "certificatesigningrequests",
                    "name": "ads-validation",
                    "apiGroup": "certificates.k8s.io",
                    "apiVersion": "v1",
                },
                "requestURI": "/apis/certificates.k8s.io/v1/certificatesigningrequests?fieldManager=kubectl-create",
                "requestObject": {
                    "kind": "CertificateSigningRequest",
                    "apiVersion": "certificates.k8s.io/v1",
                    "metadata": {"name": "ads-validation"},
                    "spec": {
                        "request": "TFMwdExTMUNSVWRKVGlCRldFRk5VRXhG",
                        "signerName": "kubernetes.io/kube-apiserver-client",
                        "usages": ["client auth"],
                    },
                },
            },
        ),
    ),
    live=Live(
        sandbox="kubernetes",
        detonate=(
            Command(
                line="kubectl create -f -",
                makes=(
                    Thing(
                        name="CertificateSigningRequest {run}",
                        remove="kubectl delete certificatesigningrequest {run} --ignore-not-found",
                    ),
                ),
                stdin=REQUEST.replace("{csr}", CSR),
            ),
        ),
    ),
)
