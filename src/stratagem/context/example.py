"""The context that a new workspace starts with: every kind of file, as comments to be taken away."""

from __future__ import annotations

from collections.abc import Mapping

ESTATE = """\
# Clusters, accounts and tenants: how much they matter, whose they are, which logs are expected from them.
# A tier's number raises (or lowers) the level of findings by so many steps; none is ever hidden.
# tiers:
#   critical: 1
#   standard: 0
#   sandbox: -1
# clusters:
#   - id: 111122223333/shop-prod     # account/cluster, where two accounts use one name
#     tier: critical
#     owner: shop-team
#     sources: [kubernetes_audit]
# accounts:
#   - id: "111122223333"
#     tier: critical
#     organization: o-example        # accounts in which one user name is one person
"""

IDENTITIES = """\
# Who is who: one actor, its principals in each provider, and its class (human, ci, gitops, controller, scanner,
# platform, node, workload, break_glass). `stratagem context suggest` proposes entries from history.
# A name is a principal as events have it; its end may be `*`, its scope is always written out.
# identities:
#   - actor: alice@example.com
#     class: human
#     names:
#       - aws:o-example:sso/alice@example.com
#       - principal: kubernetes:111122223333/shop-prod:alice@example.com
#         valid_from: 2026-01-01       # included
#         valid_to: 2027-01-01         # not included
#   - class: node                      # without `actor` each principal keeps its own name
#     names: ["kubernetes:111122223333/shop-prod:system:node:*"]
"""

NETWORKS = """\
# Address ranges with names. The narrowest range that is valid at the event's time is the one.
# networks:
#   - {name: office, kind: office, ranges: [203.0.113.0/24]}
#   - {name: pods, kind: pod, ranges: [10.1.0.0/16], cluster: shop-prod}
# Your own MaxMind DB files, for country and AS number:
# mmdb: {country: GeoLite2-Country.mmdb, asn: GeoLite2-ASN.mmdb}
"""

ARCHITECTURE = """\
# Who may talk to whom. Everything given for a side must hold; `*` and `?` are wildcards.
# flows:
#   - from: {namespace: web, cluster: shop-prod}
#     to: {namespace: payments, cluster: shop-prod}
#     ports: [443, 8000-8100]
#     reason: checkout
"""

CHANGES = """\
# Announced work. It lowers the level of what it explains, and never drops anything.
# changes:
#   - id: CHG-1042
#     title: upgrade of the node pools
#     starts: 2026-12-01T20:00:00Z
#     ends: 2026-12-02T02:00:00Z
#     scope: {clusters: [111122223333/shop-prod], actors: [alice@example.com]}
"""

FILES: Mapping[str, str] = {
    "estate.yml": ESTATE,
    "identities.yml": IDENTITIES,
    "networks.yml": NETWORKS,
    "architecture.yml": ARCHITECTURE,
    "changes/calendar.yml": CHANGES,
}
