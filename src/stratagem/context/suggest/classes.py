"""What kind of actor a principal's history looks like: signals that are written down, counted and shown.

One signal is not enough: names can be given and user agents set by anybody. What a provider or the API server itself
says (a node's name, a service's role, an OIDC subject) counts for two.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from stratagem.context.suggest.history import Profile

NEEDED = 2


class Signal(NamedTuple):
    """Something that speaks for a class, and how much."""

    weight: int
    says: str


def looks_like(profile: Profile) -> Mapping[str, tuple[Signal, ...]]:
    """The signals for each class that has any. People have none: they are not told apart from intruders by habit."""
    if is_person(profile):
        return {}
    found = {name: tuple(rule(profile)) for name, rule in _CLASSES.items()}
    return {name: signals for name, signals in found.items() if signals}


def best(signals: Mapping[str, tuple[Signal, ...]]) -> str | None:
    """The first class, in the order of certainty, with signals enough."""
    for name in _CLASSES:
        if sum(signal.weight for signal in signals.get(name, ())) >= NEEDED:
            return name
    return None


def is_person(profile: Profile) -> bool:
    """Whether the principal names a person: a mail address, an Identity Center user, a user of an account or tenant."""
    durable = profile.durable
    if profile.provider == "entra":
        return any("@" in name for name in profile.names)
    if durable.endswith(".gserviceaccount.com"):
        return False
    return (
        "@" in durable
        or durable.startswith(("sso/", "identitystore/", "saml/"))
        or ":user/" in durable
        or durable.endswith(":root")
    )


def _node(profile: Profile) -> Iterator[Signal]:
    if profile.provider == "kubernetes" and profile.durable.startswith("system:node:"):
        yield Signal(2, "the API server names it a node")
    if profile.instance_sessions and profile.instance_sessions * 5 >= profile.sessions * 4:
        yield Signal(2, f"{profile.instance_sessions} of its {profile.sessions} sessions bear a machine's id")


_CONTROL_PLANE = re.compile(
    r"system:(kube-controller-manager|kube-scheduler|apiserver|cloud-controller-manager|kube-proxy|addon-manager)"
    r"|(eks|aks|gke|gcp):.+|aksService|masterclient|system:(gke|gcp)-.+"
)


def _platform(profile: Profile) -> Iterator[Signal]:
    durable = profile.durable
    if profile.provider == "kubernetes" and _CONTROL_PLANE.fullmatch(durable):
        yield Signal(2, "a name that the control plane keeps for itself")
    if profile.provider == "kubernetes" and durable.startswith("system:serviceaccount:kube-system:"):
        yield Signal(1, "a service account of kube-system")
        if len(profile.agents) == 1 and not _interactive(profile):
            yield Signal(1, f"always the same program, {profile.agents[0]}")
    if durable.endswith((".amazonaws.com", ".amazonaws.com.cn")):
        yield Signal(2, "an AWS service")
    if "/aws-service-role/" in durable:
        yield Signal(2, "a service-linked role, which only its service can take")


_GITOPS = ("argocd", "flux", "kustomize-controller", "helm-controller", "source-controller", "fleet", "sveltos", "kapp")


def _gitops(profile: Profile) -> Iterator[Signal]:
    yield from _programs(profile, _GITOPS, "a GitOps controller")
    if any(word in profile.durable for word in ("argocd", "argo-cd", "flux-system", "fleet-", "gitops")):
        yield Signal(1, "its name is a GitOps controller's")
    if profile.read_share < 0.9 and profile.namespaces >= 3 and profile.provider == "kubernetes":
        yield Signal(0, f"writes in {profile.namespaces} namespaces")


_CI_SUBJECTS = (
    "oidc-provider/token.actions.githubusercontent.com",
    "oidc-provider/gitlab",
    "oidc-provider/oidc.circleci.com",
    "oidc-provider/app.terraform.io",
    "oidc-provider/agent.buildkite.com",
    "oidc-provider/api.bitbucket.org",
)
_CI_PROGRAMS = ("Terraform", "pulumi", "aws-cdk", "helm", "ansible", "gitlab-runner", "github-actions")
_CI_WORDS = re.compile(
    r"(^|[-_/:.])(ci|cd|cicd|deploy|deployer|pipeline|pipelines|terraform|atlantis|github|gitlab|jenkins|tekton|"
    r"buildkite|circleci|runner|runners|spinnaker)([-_/:.]|$)",
    re.IGNORECASE,
)
_CI_SESSIONS = re.compile(r"(?i)(GitHubActions|gitlab|jenkins|circleci|buildkite|terraform|atlantis)")


def _ci(profile: Profile) -> Iterator[Signal]:
    if any(subject in profile.durable for subject in _CI_SUBJECTS):
        yield Signal(2, "signs in with a pipeline's OIDC token")
    yield from _programs(profile, _CI_PROGRAMS, "a deployment tool")
    if _CI_WORDS.search(profile.durable):
        yield Signal(1, "its name is a pipeline's")
    if any(_CI_SESSIONS.search(name) for name in profile.session_names):
        yield Signal(1, f"its sessions are called {profile.session_names[0]}")


_SCANNERS = (
    "prowler", "ScoutSuite", "Scout", "trivy", "kube-bench", "kube-scanner", "kubescape", "steampipe", "cloudsploit",
    "cloudquery", "wiz", "prismacloud", "orca", "lacework", "kyverno-reports", "polaris", "checkov", "cartography",
)  # fmt: skip
_SCANNER_WORDS = re.compile(
    r"(^|[-_/:.])(scanner|scan|posture|cspm|kspm|audit|auditor|compliance|prowler|wiz|prisma|orca|lacework|trivy|"
    r"kubescape|inventory)([-_/:.]|$)",
    re.IGNORECASE,
)


def _scanner(profile: Profile) -> Iterator[Signal]:
    yield from _programs(profile, _SCANNERS, "a scanner")
    if _SCANNER_WORDS.search(profile.durable):
        yield Signal(1, "its name is a scanner's")
    if profile.read_share >= 0.98 and profile.operation_count >= 5 and profile.hours <= 4:
        yield Signal(1, f"reads {profile.operation_count} different things, always within {profile.hours} h of the day")


def _controller(profile: Profile) -> Iterator[Signal]:
    if profile.provider != "kubernetes" or not profile.durable.startswith("system:serviceaccount:"):
        return
    if profile.hours >= 20 and profile.regularity >= 0.9:
        yield Signal(1, "at work around the clock")
    if len(profile.agents) == 1 and not profile.agents[0].startswith("kubectl") and not _interactive(profile):
        yield Signal(1, f"always the same program, {profile.agents[0]}, and nothing interactive")


def _interactive(profile: Profile) -> bool:
    return any(word in operation for operation in profile.operations for word in ("/exec", "/attach", "/portforward"))


def _programs(profile: Profile, known: tuple[str, ...], what: str) -> Iterator[Signal]:
    used = [agent for agent in profile.agents if agent.lower().startswith(tuple(one.lower() for one in known))]
    if used:
        yield Signal(1, f"its program is {what}: {used[0]}")


_CLASSES: Mapping[str, Callable[[Profile], Iterator[Signal]]] = {
    "node": _node,
    "platform": _platform,
    "gitops": _gitops,
    "ci": _ci,
    "scanner": _scanner,
    "controller": _controller,
}
"""In the order of certainty."""
