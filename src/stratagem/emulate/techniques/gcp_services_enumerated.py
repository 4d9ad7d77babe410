"""The services of a Google project are enumerated."""

from __future__ import annotations

from stratagem.emulate.techniques._contract import Command, Expected, Live, ScenarioEvent, Technique
from stratagem.emulate.techniques._google import ACCOUNT, WITH_ITS_KEY

PLUGIN = Technique(
    title="The services of a Google project are enumerated",
    attack=("T1526", "T1580"),
    platform="gcp",
    describe="What is enabled and what runs, asked service by service.",
    expected=(
        Expected(
            strategy="services_enumerated_gcp",
            rule="services_enumerated",
            entity=ACCOUNT,
        ),
    ),
    events=(
        ScenarioEvent(
            base="gcp_audit/instances_list_denied",
            set=WITH_ITS_KEY,
            repeat=8,
            every="10s",
            vary={
                "protoPayload.serviceName": [
                    "serviceusage.googleapis.com",
                    "cloudasset.googleapis.com",
                    "cloudresourcemanager.googleapis.com",
                    "compute.googleapis.com",
                    "storage.googleapis.com",
                    "container.googleapis.com",
                    "artifactregistry.googleapis.com",
                    "iam.googleapis.com",
                ],
                "protoPayload.methodName": [
                    "google.api.serviceusage.v1.ServiceUsage.ListServices",
                    "google.cloud.asset.v1.AssetService.SearchAllResources",
                    "google.cloud.resourcemanager.v3.Projects.SearchProjects",
                    "v1.compute.instances.aggregatedList",
                    "storage.buckets.list",
                    "google.container.v1.ClusterManager.ListClusters",
                    "google.devtools.artifactregistry.v1.ArtifactRegistry.ListRepositories",
                    "google.iam.admin.v1.ListServiceAccounts",
                ],
            },
        ),
    ),
    live=Live(
        sandbox="gcp",
        detonate=(
            Command(line="gcloud services list --enabled --limit 1", may_fail=True),
            Command(line="gcloud compute instances list --limit 1", may_fail=True),
            Command(line="gcloud container clusters list", may_fail=True),
            Command(line="gcloud artifacts repositories list --limit 1", may_fail=True),
            Command(line="gcloud storage buckets list --limit 1", may_fail=True),
            Command(line="gcloud secrets list --limit 1", may_fail=True),
            Command(line="gcloud functions list --limit 1", may_fail=True),
            Command(line="gcloud sql instances list --limit 1", may_fail=True),
        ),
    ),
    source="the service enumeration of the report on cloud service discovery",
)
