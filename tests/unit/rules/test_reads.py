"""What of a record a condition reads."""

from __future__ import annotations

from datetime import UTC, datetime

from stratagem.rules.load import load_selection
from stratagem.rules.model import Not, Timed
from stratagem.rules.reads import reads
from stratagem.rules.resolve import PLAIN, Resolver
from stratagem.sources import SOURCES
from stratagem.window import Window

TRAIL = Resolver.for_source(SOURCES["aws_cloudtrail"])


def test_a_condition_reads_the_paths_of_all_its_tests() -> None:
    node = load_selection({"eventName": "x", "userIdentity.arn|contains": ["a", "b"]})
    assert reads(Not(part=node), TRAIL) == {("eventName",), ("userIdentity", "arn")}


def test_a_field_reference_reads_both_fields() -> None:
    assert reads(load_selection({"a|fieldref": "b.c"}), PLAIN) == {("a",), ("b", "c")}


def test_keywords_read_everything() -> None:
    assert reads(load_selection(["word"]), TRAIL) is None


def test_a_derived_field_may_read_anything() -> None:
    assert reads(load_selection({"aws.actor_kind": "root"}), TRAIL) is None


def test_a_position_in_an_array_is_left_to_the_whole_record() -> None:
    assert reads(load_selection({"a[0].b": "x"}), PLAIN) is None


def test_an_alias_reads_its_paths_too() -> None:
    resolver = Resolver(aliases={"user": ("actor.name", "name")})
    assert reads(load_selection({"user": "x"}), resolver) == {("user",), ("actor", "name"), ("name",)}


def test_elements_read_their_array() -> None:
    assert reads(load_selection({"items[any]": {"kind": "x"}}), PLAIN) == {("items",)}


def test_a_list_entry_with_a_validity_reads_the_time_too() -> None:
    node = Timed(part=load_selection({"a": "x"}), valid=Window(datetime(2026, 1, 1, tzinfo=UTC)))
    assert reads(node, TRAIL) == {("a",), ("eventTime",)}
    assert reads(node, Resolver(time_fields=())) is None


def test_a_time_that_counts_only_beside_another_field_is_read_with_that_field() -> None:
    node = Timed(part=load_selection({"after": "x"}), valid=Window(datetime(2026, 1, 1, tzinfo=UTC)))
    found = reads(node, Resolver.for_source(SOURCES["github_webhook"]))
    assert found is not None
    assert {("repository", "pushed_at"), ("ref",)} <= found
