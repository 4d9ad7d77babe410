"""Entries that do nothing are told, at their place."""

from __future__ import annotations

from pathlib import Path

from stratagem.context import usage
from stratagem.context.load import load
from tests.unit.context.files import JULY, write
from tests.unit.context.history import days, events, history


def test_what_has_ended_is_told_and_still_says_what_was(tmp_path: Path) -> None:
    write(
        tmp_path,
        identities="identities: [{class: ci, names: ['p:s:x'], valid_to: 2026-06-01}, {class: ci, names: ['p:s:y']}]\n",
        lists__x="[{value: a, expires: 2026-07-14}, {value: b, expires: 2026-07-15}]\n",
    )
    found = [str(problem).removeprefix(f"{tmp_path}/") for problem in usage.ended(load(tmp_path), JULY)]
    assert [text.partition(". ")[0] for text in found] == [
        "identities.yml:1:34: C-ENDED: name 'p:s:x' has not been valid since 2026-06-01",
        "lists/x.yml:1:10: C-ENDED: 'a' of list 'x' has not been valid since 2026-07-15",
    ]


def test_a_list_that_no_rule_names_is_told(tmp_path: Path) -> None:
    write(tmp_path, lists__used="[a]\n", lists__idle="[a]\n")
    (problem,) = usage.unread_lists(load(tmp_path), "image|expand: '%used%'")
    assert problem.message == "no rule reads the list 'idle'."


def test_what_no_event_meets_is_told_and_what_estate_lacks(tmp_path: Path) -> None:
    write(
        tmp_path,
        estate="""
            clusters:
              - {id: shop, sources: [kubernetes_audit, aws_cloudtrail]}
              - {id: gone}
            """,
        identities="""
            identities:
              - class: ci
                names: ["kubernetes:shop:ci", "kubernetes:shop:never", "kubernetes:shop:no*"]
              - {class: ci, names: ["kubernetes:shop:late"], valid_from: 2026-05-01}
            """,
        networks="networks: [{name: a, kind: vpn, ranges: [203.0.113.0/28, 203.0.113.16/28]}]\n",
    )
    connection = history(
        events("kubernetes:shop:ci", days(2), cluster="shop", account="1", ip="203.0.113.1"),
        events("kubernetes:shop:late", days(2), cluster="shop", account="2", tenant="t-1"),
        events("kubernetes:lab:x", days(1), cluster="lab", account="1"),
    )
    found = sorted(f"{problem.line} {problem.message}" for problem in usage.unmet(load(tmp_path), connection))
    assert found == [
        "0 account '1' is not in estate.yml.",
        "0 account '2' is not in estate.yml.",
        "0 cluster '1/lab' is not in estate.yml.",
        "0 tenant 't-1' is not in estate.yml.",
        "1 no event has an address in 203.0.113.16/28 ('a').",
        "3 2 accounts have a cluster 'shop'.",
        "3 no event of aws_cloudtrail is of cluster 'shop', though it is expected.",
        "4 no event has a principal 'kubernetes:shop:never' while it is valid.",
        "4 no event has a principal 'kubernetes:shop:no*' while it is valid.",
        "4 no event is of cluster 'gone'.",
        "5 no event has a principal 'kubernetes:shop:late' while it is valid.",
    ]
