"""Every construct of Sigma, with records that match and records that do not. Tests run them, the docs show them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Record = Mapping[str, Any]

LISTS = {"approved_registries": ("registry.example.com", "*.internal.example.com"), "admins": ("alice", "bob")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Construct:
    """One construct: what the rule says (the detection's YAML), and what that means for records."""

    section: str
    name: str
    detection: str
    matches: tuple[Record, ...]
    misses: tuple[Record, ...]
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A rule that is refused: the detection (or the whole rule), and what the rejection says."""

    detection: str
    construct: str
    reason: str


SEMANTICS = (
    ("`field: 'x'`", "no", "no", "only `''`", "any element"),
    ("`field: ''`", "no", "no", "yes", "any element; an empty array: no"),
    ("`field: '*'`", "no", "no", "yes", "any element that is not null"),
    ("`field: null`", "yes", "yes", "no", "any element; an empty array: no"),
    ("`field|exists: true`", "no", "yes", "yes", "yes, the empty array too"),
    ("`field|exists: false`", "yes", "no", "no", "no"),
    ("`field|neq: 'x'`", "yes", "yes", "yes", "no element is `x`"),
    ("`not` of any of these", "the opposite", "the opposite", "the opposite", "the opposite: no element"),
    ("`field|lt: 5` and its kin", "no", "no", "no", "any element"),
    ("`field|re: '^$'`", "no", "no", "yes", "any element"),
    ("`field[any]: {..}`", "no", "no", "one element", "some element; an empty array: no"),
    ("`field[all]: {..}`", "no", "no", "one element", "every element; an empty array: no"),
    ("`field[all_or_empty]: {..}`", "yes", "yes", "one element", "every element; an empty array: yes"),
    ("`field[none]: {..}`", "yes", "yes", "one element", "no element; an empty array: yes"),
)
"""test, missing, null, empty text, array."""


def one(name: str, key: str, value: str, matches: list[Any], misses: list[Any], note: str = "") -> Construct:
    """A modifier on the field `x`; the examples are values of it, `...` a record without the field."""
    records = [tuple({} if value is ... else {"x": value} for value in values) for values in (matches, misses)]
    text = f"selection:\n    {key}: {value}\ncondition: selection"
    return Construct(section="Modifiers", name=name, detection=text, matches=records[0], misses=records[1], note=note)


def grammar(
    section: str, name: str, detection: str, matches: list[Record], misses: list[Record], note: str = ""
) -> Construct:
    """A detection of several lines."""
    return Construct(
        section=section, name=name, detection=detection.strip(), matches=tuple(matches), misses=tuple(misses), note=note
    )


CONDITIONS = "Selections and conditions"
THREE = "s_a:\n    a: 1\ns_b:\n    b: 1\ns_c:\n    c: 1\n"

VALUES = [
    one(
        "text",
        "x",
        "RunInstances",
        ["RunInstances", "runinstances"],
        ["RunInstance", "RunInstancesX", None, ...],
        "Without case, whole value. Case folding is per character: `ß` is not `ss`.",
    ),
    one(
        "number",
        "x",
        "4688",
        [4688, 4688.0, "4688"],
        [46880, "04688", True, None],
        "Values are compared as text in their shortest form, so a number equals the text that writes it.",
    ),
    one(
        "big number",
        "x",
        "18446744073709551617",
        [2**64 + 1, "18446744073709551617"],
        [2**64, float(2**64)],
        "Integers keep every digit.",
    ),
    one("boolean", "x", "true", [True, "true", "True"], [False, 1, "yes", None]),
    one("text of a boolean", "x", "'true'", [True, "TRUE"], [False, "truex"]),
    one("null", "x", "null", [None, ..., [None]], ["", 0, [], {}], "True where the field is null or missing."),
    one("empty text", "x", "''", [""], [None, ..., " ", []]),
    one("list of values", "x", "[a, 5, null]", ["A", 5, None, ...], ["b", ""], "One of them."),
    one("array", "x", "a", [["b", "a"], [["a"]]], [["b"], [], {"x": "a"}], "One of the elements."),
    one(
        "object",
        "x|contains",
        "'\"s3:GetObject\"'",
        [{"Action": ["s3:GetObject"]}, {"policy": '{"Action":"s3:GetObject"}'}],
        [{"Action": "s3:GetObjectAcl"}],
        "An object, or an array that holds objects, also has a text: compact JSON with strings left as they are.",
    ),
    one(
        "wildcards",
        "x",
        "'a*c?'",
        ["abcd", "ACD", "a\nbcX"],
        ["abc", "xacd"],
        "`*` is any text, `?` one character; both also stand for line breaks.",
    ),
    one(
        "escaped wildcards",
        "x",
        r"'a\*b\\*'",
        ["a*b\\", "A*B\\rest"],
        ["axb\\", "a*b"],
        r"`\*` is a plain asterisk, `\\*` a backslash and then a wildcard.",
    ),
    one("backslash", "x", r"'C:\temp\file'", ["c:\\TEMP\\file"], ["C:tempfile"]),
]

MODIFIERS = [
    one("contains", "x|contains", "bc", ["abcd", "BC"], ["b c", ...]),
    one("startswith", "x|startswith", "ab", ["abc", "AB"], ["xab", None]),
    one("endswith", "x|endswith", "bc", ["abc", "BC"], ["bcx"]),
    one(
        "all",
        "x|contains|all",
        "[a, b]",
        ["a-b", ["xa", "bx"]],
        ["a", "b"],
        "Every value must be met; of an array, each by some element.",
    ),
    one(
        "neq",
        "x|neq",
        "[a, b]",
        ["c", ..., None, []],
        ["a", ["c", "B"]],
        "The opposite of the test, so true where the field is missing.",
    ),
    one("cased", "x|contains|cased", "Ab", ["xAbx"], ["ab", "AB"]),
    one(
        "re",
        "x|re",
        "'^a.c$'",
        ["abc"],
        ["ABC", "xabc", "a\nc", ...],
        "Python's `re`, found anywhere unless anchored, with case. Look-around is accepted.",
    ),
    one("re|i", "x|re|i", "'^a.c$'", ["ABC"], ["abcd"]),
    one("re|m", "x|re|m", "'^b$'", ["a\nb\nc"], ["abc"]),
    one("re|s", "x|re|s", "'a.c'", ["a\nc"], ["ac"]),
    one("re with look-around", "x|re", "'^(?!kube-).*admin'", ["cluster-admin"], ["kube-admin"]),
    one(
        "cidr, IPv4",
        "x|cidr",
        "192.0.2.0/24",
        ["192.0.2.7", "::ffff:192.0.2.7", ["198.51.100.1", "192.0.2.1"]],
        ["192.0.3.1", "192.0.2.7:443", "192.0.2.0/25", "console", None],
        "Only a value that is an address from end to end; IPv4 carried in IPv6 counts as both.",
    ),
    one("cidr, IPv6", "x|cidr", "2001:db8::/32", ["2001:db8::1", "2001:DB8:0:0::1"], ["2001:db9::1", "192.0.2.7"]),
    one(
        "lt",
        "x|lt",
        "5",
        [4, 4.9, "4", -1],
        [5, "5", "x", True, None, ...],
        "Numbers, and text that is one. Compared exactly: no rounding of big integers.",
    ),
    one("lte", "x|lte", "5", [5, "5.0"], [5.1]),
    one("gt", "x|gt", "18446744073709551616", [2**64 + 1], [2**64]),
    one("gte", "x|gte", "0.5", [0.5, "5e-1", 1], [0.4, "0.5 "]),
    one("exists: true", "x|exists", "true", ["", None, [], 0], [...], "Present, whatever the value."),
    one("exists: false", "x|exists", "false", [...], ["", None, []]),
    one("base64", "x|base64|contains", "'cmd.exe'", ["run Y21kLmV4ZQ== now"], ["cmd.exe"]),
    one("base64offset", "x|base64offset|contains", "'curl'", ["xxY3Vybxx", "YWN1cmw=", "YWFjdXJs"], ["curl"]),
    one("wide (utf16le) with base64", "x|wide|base64offset|contains", "'ls'", ["bABzA"], ["bHM"]),
    one("utf16be with base64", "x|utf16be|base64", "'ls'", ["AGwAcw=="], ["bABzAA=="]),
    one("utf16 with base64", "x|utf16|base64", "'ls'", ["//5sAHMA"], ["bABzAA=="], "With the byte order mark."),
    one("windash", "x|windash|contains", "' -enc'", ["ps -enc", "ps /enc", "ps –enc"], ["ps enc"]),
    one(
        "expand",
        "x|expand",
        "'%approved_registries%'",
        ["registry.example.com", "a.internal.example.com"],
        ["registry.example.org"],
        "The values of the list of that name; wildcards in them work.",
    ),
    one(
        "expand inside text",
        "x|expand",
        r"'user/%admins% 5\%'",
        ["user/alice 5%", "user/BOB 5%"],
        ["user/eve 5%"],
        r"`\%` is a plain percent sign.",
    ),
    one(
        "hour",
        "x|hour",
        "3",
        ["2024-05-06T03:59:00Z", "2024-05-06T03:00:00-05:00", 1714964400],
        ["2024-05-06T04:00:00Z", "three", None],
        "The time as written: its own offset stays. Epoch seconds and milliseconds are read as UTC.",
    ),
    one(
        "minute, day, week, month, year",
        "x|week",
        "19",
        ["2024-05-06T03:59:00Z"],
        ["2024-05-13"],
        "`week` is the ISO week.",
    ),
    one("a timestamp part compared", "x|hour|gte", "22", ["2024-05-06T23:00:00Z"], ["2024-05-06T21:59:59Z"]),
]

FIELDS = [
    grammar(
        "Fields",
        "fieldref",
        "selection:\n    actor|fieldref: target\ncondition: selection",
        [{"actor": "alice", "target": "ALICE"}, {"actor": 1, "target": "1"}, {"actor": ["a", "b"], "target": ["b"]}],
        [{"actor": "alice", "target": "bob"}, {"actor": "alice"}, {}, {"actor": None, "target": None}],
        "Some value of the one field equals some value of the other.",
    ),
    grammar(
        "Fields",
        "fieldref|contains, startswith, endswith",
        "selection:\n    arn|fieldref|endswith: user\ncondition: selection",
        [{"arn": "arn:aws:iam::111122223333:user/alice", "user": "Alice"}],
        [{"arn": "x/alice", "user": "bob"}],
    ),
    grammar(
        "Fields",
        "fieldref|neq",
        "selection:\n    actor|fieldref|neq: target\ncondition: selection",
        [{"actor": "alice", "target": "bob"}, {"actor": "alice"}],
        [{"actor": "alice", "target": "alice"}],
    ),
    grammar(
        "Fields",
        "a path",
        "selection:\n    a.b.c: 1\ncondition: selection",
        [{"a": {"b": {"c": 1}}}, {"a": {"b": [{"c": 2}, {"c": 1}]}}, {"a": [{"b": {"c": [3, 1]}}]}],
        [{"a": {"b": 1}}, {"a": None}, {"A": {"b": {"c": 1}}}],
        "Through objects, and through arrays to any element. Names have case.",
    ),
    grammar(
        "Fields",
        "a key with dots",
        "selection:\n    a.b.c: 1\ncondition: selection",
        [{"a.b.c": 1, "a": {"b": {"c": 2}}}, {"a": {"b.c": 1}}, {"a.b": {"x": 0}, "a": {"b": {"c": 1}}}],
        [{"a.b": {"c": 2}, "a": {"b": {"c": 1}}}],
        "It wins over nesting, the longest first; where the path does not end below it, nesting is tried. "
        "The paths that a source decodes ahead of the rest (`head`) are read by nesting alone.",
    ),
    grammar(
        "Fields",
        "position in an array",
        "selection:\n    a[0].b: 1\n    a[-1].b: 2\ncondition: selection",
        [{"a": [{"b": 1}, {"b": 9}, {"b": 2}]}],
        [{"a": [{"b": 2}, {"b": 1}]}, {"a": []}, {"a": {"b": 1}}],
    ),
    grammar(
        "Fields",
        "[any] with a map",
        "selection:\n    c[any]:\n        name: x\n        privileged: true\ncondition: selection",
        [{"c": [{"name": "y"}, {"name": "x", "privileged": True}]}, {"c": {"name": "x", "privileged": True}}],
        [{"c": [{"name": "x"}, {"name": "y", "privileged": True}]}, {"c": []}, {}],
        "Both tests hold for the same element (Sigma SEP 212). An object that is no array is one element.",
    ),
    grammar(
        "Fields",
        "[all]",
        "selection:\n    ip[all]|cidr: 192.0.2.0/24\ncondition: selection",
        [{"ip": ["192.0.2.1", "192.0.2.2"]}, {"ip": "192.0.2.1"}],
        [{"ip": ["192.0.2.1", "198.51.100.1"]}, {"ip": []}, {}],
        "An array with elements, and the test holds for every one.",
    ),
    grammar(
        "Fields",
        "[all_or_empty]",
        "selection:\n    ip[all_or_empty]|cidr: 192.0.2.0/24\ncondition: selection",
        [{"ip": ["192.0.2.1"]}, {"ip": []}, {}, {"ip": None}],
        [{"ip": ["198.51.100.1"]}],
    ),
    grammar(
        "Fields",
        "[none]",
        "selection:\n    c[none]:\n        name: x\ncondition: selection",
        [{"c": [{"name": "y"}]}, {"c": []}, {}],
        [{"c": [{"name": "y"}, {"name": "x"}]}],
    ),
    grammar(
        "Fields",
        "a condition of its own in an element block",
        """
selection:
    c[any]:
        risky:
            privileged: true
        known:
            image|startswith: registry.example.com/
        condition: risky and not known
condition: selection""",
        [{"c": [{"privileged": True, "image": "evil/x"}]}],
        [{"c": [{"privileged": True, "image": "registry.example.com/x"}, {"image": "evil/x"}]}],
    ),
    grammar(
        "Fields",
        "blocks within blocks",
        "selection:\n    rules[any]:\n        verb: allow\n        ip[any].cidr: all\ncondition: selection",
        [{"rules": [{"verb": "allow", "ip": [{"cidr": "all"}]}]}],
        [{"rules": [{"verb": "allow"}, {"ip": [{"cidr": "all"}]}]}],
    ),
]

SELECTIONS = [
    grammar(
        CONDITIONS,
        "map",
        "selection:\n    a: 1\n    b: 2\ncondition: selection",
        [{"a": 1, "b": 2}],
        [{"a": 1}, {"b": 2}],
        "And.",
    ),
    grammar(
        CONDITIONS,
        "list of maps",
        "selection:\n    - a: 1\n    - b: 2\n      c: 3\ncondition: selection",
        [{"a": 1}, {"b": 2, "c": 3}],
        [{"b": 2}],
        "Or.",
    ),
    grammar(
        CONDITIONS,
        "keywords",
        "keywords:\n    - break-glass\n    - evil*corp\ncondition: keywords",
        [{"a": {"b": ["x BREAK-GLASS y"]}}, {"labels": {"policy/break-glass": "true"}}, {"a": "my evil big corp"}],
        [{"a": "break", "b": "glass"}, {}],
        "Anywhere in any key or scalar of the record, at any depth.",
    ),
    grammar(
        CONDITIONS,
        "keywords, all of them",
        "keywords:\n    '|all':\n        - foo\n        - 42\ncondition: keywords",
        [{"a": "foo", "b": [42]}],
        [{"a": "foo"}],
    ),
    grammar(
        CONDITIONS,
        "keywords with a modifier",
        "keywords:\n    '|re':\n        - '^sys.*r$'\ncondition: keywords",
        [{"a": ["system:master"]}],
        [{"a": "a system:master"}],
        "Each key and scalar by itself.",
    ),
    grammar(
        CONDITIONS,
        "and, or, not, brackets",
        THREE + "condition: s_a and (s_b or not s_c)",
        [{"a": 1, "b": 1, "c": 1}, {"a": 1}],
        [{"a": 1, "c": 1}, {"b": 1}],
        "`not` binds before `and`, `and` before `or`.",
    ),
    grammar(CONDITIONS, "1 of", THREE + "condition: 1 of s_*", [{"b": 1}], [{}]),
    grammar(
        CONDITIONS,
        "any of, all of",
        THREE + "condition: any of s_a* or all of s_*",
        [{"a": 1}, {"a": 1, "b": 1, "c": 1}],
        [{"b": 1, "c": 1}],
    ),
    grammar(CONDITIONS, "N of", THREE + "condition: 2 of s_*", [{"a": 1, "c": 1}], [{"b": 1}], "At least N."),
    grammar(
        CONDITIONS,
        "them",
        "a:\n    x: 1\n_b:\n    y: 1\ncondition: all of them",
        [{"x": 1}],
        [{"y": 1}],
        "Selections whose name begins with an underscore are left out.",
    ),
    grammar(
        CONDITIONS,
        "list of conditions",
        THREE + "condition:\n    - s_a and s_b\n    - s_c",
        [{"c": 1}, {"a": 1, "b": 1}],
        [{"a": 1}],
        "Or.",
    ),
    grammar(
        CONDITIONS,
        "not over a missing field",
        "s:\n    a: 1\nf:\n    b: 2\ncondition: s and not f",
        [{"a": 1}, {"a": 1, "b": 3}, {"a": 1, "b": None}],
        [{"a": 1, "b": 2}, {"a": 1, "b": [3, 2]}],
    ),
]

CONSTRUCTS = (
    *(
        Construct(section="Values", **{k: getattr(c, k) for k in ("name", "detection", "matches", "misses", "note")})
        for c in VALUES
    ),
    *MODIFIERS,
    *FIELDS,
    *SELECTIONS,
)

REFUSED = (
    Refused(detection="s:\n    x|foo: 1\ncondition: s", construct="|foo", reason="is not a Sigma modifier"),
    Refused(detection="s:\n    x: 1\ncondition: selection", construct="condition", reason="names the selection"),
    Refused(
        detection="s:\n    x: 1\ncondition: 1 of filter_*", construct="condition", reason="no selection has such a name"
    ),
    Refused(detection="s:\n    x: 1\ncondition: 2 of s*", construct="condition", reason="there are 1"),
    Refused(
        detection="s:\n    x: 1\ncondition: s | count() > 5", construct="aggregation", reason="were removed from Sigma"
    ),
    Refused(
        detection="s:\n    x: 1\ntimeframe: 5m\ncondition: s", construct="timeframe", reason="were removed from Sigma"
    ),
    Refused(detection="s:\n    x: 1\ncondition: (s", construct="condition", reason="no closing bracket"),
    Refused(detection="s:\n    x: 1", construct="condition", reason="is missing"),
    Refused(detection="condition: s", construct="detection", reason="has no selection"),
    Refused(detection="s: {}\ncondition: s", construct="selection", reason="is empty"),
    Refused(detection="s:\n    x: []\ncondition: s", construct="value", reason="is an empty list"),
    Refused(detection="s:\n    x: {y: 1}\ncondition: s", construct="value", reason="is a nested map"),
    Refused(detection="s:\n    x|re: '('\ncondition: s", construct="|re", reason="is invalid"),
    Refused(detection="s:\n    x|cidr: 192.0.2.7/24\ncondition: s", construct="|cidr", reason="has host bits set"),
    Refused(detection="s:\n    x|gt: '5'\ncondition: s", construct="|gt", reason="compares numbers"),
    Refused(detection="s:\n    x|contains: 5\ncondition: s", construct="|contains", reason="does not work on 5"),
    Refused(detection="s:\n    x|exists: maybe\ncondition: s", construct="|exists", reason="does not work on 'maybe'"),
    Refused(
        detection="s:\n    x|expand: '%unknown%'\ncondition: s", construct="|expand", reason="has no list of that name"
    ),
    Refused(detection="s:\n    x|base64: 'a*'\ncondition: s", construct="|base64", reason="wildcards is not allowed"),
    Refused(detection="s:\n    x[some]: {a: 1}\ncondition: s", construct="[some]", reason="is not a quantifier"),
    Refused(detection="s: null\ncondition: s", construct="keyword", reason="null is not something to search for"),
    Refused(detection="s:\n    '|exists': true\ncondition: s", construct="|exists", reason="must be applied to field"),
)
