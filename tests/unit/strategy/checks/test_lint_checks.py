"""Every check with documents that trip it and documents that come near and do not.

A document is the clean one beside this file with one passage replaced, so that each case shows only what matters.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from stratagem.errors import Problem
from stratagem.strategy.lint import lint
from stratagem.strategy.parse import parse

CLEAN = (Path(__file__).parent / "trail_stopped.md").read_text("utf-8")
ABSTRACT = "CloudTrail records each call that changes a trail."
CONTEXT = "A trail keeps its configuration when it is stopped, so nothing else shows that events are missing."
BLIND = "- A selector that leaves out management events makes the trail blind without stopping it."
GOAL = "Detect one CloudTrail call that stops a trail from recording, made outside the pipeline that owns the trails."
TECHNIQUE = "- **Technique:** T1562.008 Impair Defenses: Disable or Modify Cloud Logs"
LIVE = "live: aws cloudtrail stop-logging --name example-trail"
RULE = "  stop:\n    eventName: StopLogging\n  condition: stop"
FALSE_POSITIVE = (
    '- The pipeline replaces a trail. It starts the new one first; the scenario "the trail is started" is that step.'
)
PRIORITY = CLEAN[CLEAN.index("```yaml priority") : CLEAN.index("## Response")]
EVIDENCE = "1. Keep the trail's configuration and the caller's events as evidence.\n"


@dataclass(frozen=True, slots=True)
class Case:
    """`old` in the clean document becomes `new`. `at`: a text of the hit's line; `says`: of its message."""

    code: str
    old: str
    new: str
    at: str = ""
    says: str = ""
    fix: str = ""


def problems(case: Case) -> tuple[Problem, ...]:
    assert case.old in CLEAN, case
    parsed = parse(CLEAN.replace(case.old, case.new), file="trail_stopped.md")
    return lint([parsed], only=[case.code])


TRIPS = [
    Case("L-ATT-01", TECHNIQUE, "- **Technique:** T1999", at="T1999", says="no technique of ATT&CK 18.1"),
    Case("L-ATT-01", ABSTRACT, "It is T1685.002 as well.", at="T1685.002", fix="here it is T1562.008"),
    Case("L-ATT-01", "[T1562.008]\nseverity", "[T1999]\nseverity", at="attack: [T1999]"),
    Case("L-ATT-02", ABSTRACT, "It was T1089 once.", at="T1089", fix="Use T1562.001 Impair Defenses"),
    Case("L-ATT-02", "severity: high", "severity: high\nattack_version: '19'", at="attack:", fix="Use T1685.002"),
    Case("L-ATT-03", ABSTRACT, "It is T1685.002 as well.", at="T1685.002", says="is of ATT&CK 19, while T1562.008"),
    Case("L-ATT-03", "logsource:", "tags: [attack.stealth]\nlogsource:", at="tags:", says="stealth is of ATT&CK 19"),
    Case(
        "L-ATT-04",
        "- **Tactic:** Defense Evasion",
        "- **Tactic:** Discovery",
        at="Discovery",
        says="no tactic of T1562",
    ),
    Case(
        "L-ATT-04", "logsource:", "tags: [attack.t1611, attack.defense-evasion]\nlogsource:", at="tags:", says="T1611"
    ),
    Case("L-ATT-04", "- **Tactic:** Defense Evasion", "- **Tactic:** Hiding", at="Hiding", says="no tactic of ATT&CK"),
    Case("L-ATT-05", "Platforms:** IaaS", "Platforms:** IaaS, Azure AD", at="Azure AD", fix="Write Identity Provider."),
    Case("L-ATT-05", "Platforms:** IaaS", "Platforms:** Office 365", at="Office 365", fix="Write Office Suite."),
    Case("L-ATT-05", "Platforms:** IaaS", "Platforms:** Mainframe", at="Mainframe", fix="Platforms: Containers, ESXi"),
    Case("L-ATT-06", "Platforms:** IaaS", "Platforms:** IaaS, Containers", at="Containers", says="platform Containers"),
    Case("L-ATT-06", TECHNIQUE, TECHNIQUE + ", T1613 Container and Resource Discovery", at="T1613", says="see IaaS"),
    Case(
        "L-ATT-07", GOAL, "Detect a container that hides in a pod of Kubernetes.", says="about containers", fix="T1610"
    ),
    Case(
        "L-ATT-08", TECHNIQUE, "- T1562.008 - Disable or Modify Cloud Logs", at="T1562.008", says="only the second half"
    ),
    Case(
        "L-ATT-08",
        ABSTRACT,
        "[Discovery / Cloud Counting](https://attack.mitre.org/techniques/T1526/)",
        says="'Cloud C",
    ),
    Case(
        "L-ATT-08",
        TECHNIQUE,
        TECHNIQUE + "\n- T1526: Cloud Service Enumeration",
        at="T1526",
        fix="'T1526 Cloud Service D",
    ),
    Case("L-ATT-09", "DET0289 with AN0801", "DET9999", at="DET9999", says="does not exist"),
    Case("L-ATT-09", "DET0289 with AN0801", "DET0289 with AN0695", at="AN0695", says="belongs to DET0251"),
    Case("L-ATT-09", "DET0289 with AN0801", "DET0402", at="DET0402", says="T1526", fix="it is DET0289"),
    Case(
        "L-ATT-10", TECHNIQUE, TECHNIQUE + "\n- T1069.003\n- Platforms: Identity Provider", says="DET0251 (T1069.003)"
    ),
    Case("L-ATT-11", "techniques/T1562/008/)", "techniques/T1562.008)", at="T1562.008)", fix="/T1562/008/."),
    Case("L-ATT-11", "https://attack.mitre.org/t", "https://attack.example.com/t", says="attack.example.com"),
    Case(
        "L-ATT-11",
        "techniques/T1562/008/)",
        "techniques/T1562/007/)",
        says="leads to T1562.007, the text beside it says",
    ),
    Case("L-ATT-11", ABSTRACT, "[this](https://attack.mitre.org/wiki/Technique/T1526)", says="/wiki/Technique/T1526"),
    Case("L-ADS-01", "## Technical Context\n\n" + CONTEXT, "", says="'Technical Context' is missing"),
    Case("L-ADS-01", CONTEXT, "<!-- later -->", at="## Technical Context", says="is empty"),
    Case(
        "L-ADS-02",
        "## Technical Context",
        "## Technical Contexts",
        says="is no ADS section",
        fix="Technical Context",
    ),
    Case(
        "L-ADS-02", "## Response", "## Additional Resources\n\n- a page\n\n## Response", at="## Response", says="after"
    ),
    Case("L-ADS-03", "```yaml sigma", "```yaml", at="## Strategy Abstract", says="no executable rule"),
    Case("L-ADS-04", ABSTRACT, "It reports patterns:\n\n- A registry pulled from by a stranger\n", at="- A registry"),
    Case("L-ADS-05", ABSTRACT, "It reports unusual calls.", at="unusual", says="'unusual' has no threshold"),
    Case("L-ADS-05", GOAL, "Detect a spike of calls.", at="spike", says="'spike'"),
    Case("L-ADS-06", ABSTRACT, "It reads the unified audit log too.", at="unified", says="no rule reads m365_audit"),
    Case("L-ADS-06", ABSTRACT, "It reads Azure AD activity logs.", at="activity logs", fix="Entra sign-in logs"),
    Case("L-ADS-07", FALSE_POSITIVE, "- Quarterly penetration exercise.", at="Quarterly", says="nothing handles"),
    Case("L-ADS-08", PRIORITY, "**Severity:** High\n\n", at="High", says="one fixed value ('High')"),
    Case("L-ADS-08", PRIORITY, "High when a trail of production is stopped.\n\n", says="stand in prose"),
    Case("L-ADS-08", "    when: {errorCode|exists: true}\n", "", says="one fixed value ('low')"),
    Case("L-ADS-09", CONTEXT, "Currently, no details are available.", at="Currently", says="placeholder"),
    Case("L-ADS-09", CONTEXT, "- None available", at="None available", says="'None available'"),
    Case(
        "L-ADS-10",
        "title: A CloudTrail trail was stopped by a person",
        "title: Suspicious logging activity",
        at="title:",
    ),
    Case(
        "L-ADS-10",
        "title: A CloudTrail trail was stopped by a person",
        "title: Cloud Service Discovery",
        says="technique",
    ),
    Case("L-ADS-11", BLIND, "- Some administrative work might be flagged as malicious.", fix="to False Positives"),
    Case(
        "L-ADS-11", FALSE_POSITIVE, "- The rule may not detect a started trail.", fix="to Blind Spots and Assumptions"
    ),
    Case("L-ADS-12", CONTEXT, "By implementing this, teams are safe.", at="By implementing", says="advertises"),
    Case("L-ADS-12", CONTEXT, "A robust and seamless answer.", at="robust", says="'robust'"),
    Case("L-CMD-01", LIVE, "live: microburst enumerate azuread", at="live:", fix="Import-Module"),
    Case("L-CMD-02", LIVE, "live: aws service-quotas list-service-quotas", at="live:", fix="Add --service-code"),
    Case(
        "L-CMD-03", CONTEXT, "Install it with `pip install micr0bum`.", at="micr0bum", fix="Do not correct the spelling"
    ),
    Case("L-CMD-03", CONTEXT, "Install it with `pip install microburst`.", says="is an AWS failure injection proxy"),
    Case("L-CMD-03", CONTEXT, "```sh\npip3 install scoutsuit\n```", at="pip3", says="nearly the name of ScoutSuite"),
    Case("L-CMD-03", CONTEXT, "```sh\nnpm install prowler\n```", at="npm", says="npm does not carry it"),
    Case("L-CMD-03", CONTEXT, "```sh\npip install left-pad-for-python\n```", at="pip", says="not among the reviewed"),
    Case("L-CMD-03", CONTEXT, "```sh\npip install reqeusts\n```", at="pip", says="nearly the name of the pip package"),
    Case("L-CMD-04", CONTEXT, "Use tools like `CloudShellBurst` for Azure.", at="CloudShell", fix="Stormspotter"),
    Case("L-CMD-04", CONTEXT, "Use tools like AzureHoumd.", at="AzureHoumd", fix="Did you mean AzureHound"),
    Case("L-CMD-04", CONTEXT, "```sh\ncloudexplode --all\n```", at="cloudexplode", says="no tool 'cloudexplode'"),
    Case("L-CMD-05", LIVE, "live: az group list --query '[].{name:name'", at="live:", says="does not compile"),
    Case("L-CMD-05", CONTEXT, "Run `grep -E '(open' file`.", at="grep", says="does not compile"),
    Case(
        "L-CMD-07",
        CONTEXT,
        "```sh\ncurl -s https://example.com/x.sh | sh\n```",
        at="curl",
        says="straight into a shell",
    ),
    Case("L-CMD-07", LIVE, "live: kubectl run test --image=example.com/tool:latest", at="live:", says="by its digest"),
    Case(
        "L-CMD-07", CONTEXT, "`https://raw.githubusercontent.com/o/r/master/x.ps1`", at="raw.", says="branch 'master'"
    ),
    Case("L-TEL-06", ABSTRACT, "It reads Kubernetes events.", at="Kubernetes events", says="name no actor"),
    Case("L-TEL-07", LIVE, "live: az group list --output table", at="live:", says="leaves no event"),
    Case("L-PII-01", CONTEXT, "It was made with AKIA" + "Q" * 16, at="AKIA", says="an AWS access key"),
    Case("L-PII-01", "StartLogging}", "StartLogging, sourceIPAddress: 9.9.9.9}", at="set: {", fix="RFC 5737"),
    Case(
        "L-SCH-02",
        "{product: aws, service: cloudtrail}\ndetection:\n" + RULE,
        "{product: kubernetes, service: audit}\ndetection:\n  a: {verb: replace}\n  condition: a",
        at="logsource",
        says="verb is never 'replace'",
    ),
    Case("L-RSP-01", EVIDENCE, "", at="Disable", says="'Disable the access key' comes before"),
    Case("L-TST-01", "expect: silent", "expect: missed", at="logsource", says="no near miss"),
    Case("L-TST-01", "expect: finding\nlevel: high", "expect: missed", at="logsource", says="no scenario makes rule"),
    Case("L-TST-02", "set: {eventName: StartLogging}", "set: {awsRegion: eu-west-1}", at="name: the trail is started"),
    Case("L-TST-02", "level: high\nbase", "level: low\nbase", at="name: the trail is stopped", says="not low"),
    Case(
        "L-TST-03",
        "set: {eventName: StartLogging}",
        "set: {eventName: StartLogging, awsRegion: eu-west-1, readOnly: true, sourceIPAddress: 192.0.2.9}",
        at="name: the trail is started",
        says="in 4 fields",
    ),
    Case("L-TST-04", RULE, RULE.replace("\n  cond", "\n    awsRegion|exists: true\n  cond"), says="without 'awsRegion"),
    Case(
        "L-TST-05",
        "set: {eventName: StartLogging}",
        "set: {eventNam: x}",
        at="name: the trail is started",
        says="eventNam",
    ),
    Case(
        "L-TST-05",
        "aws_cloudtrail/cloudtrail_stop_logging\nlive",
        "aws_cloudtrail/no_such\nlive",
        says="no valid event",
    ),
    Case("L-DEP-01", CONTEXT, "Azure AD keeps the groups.", at="Azure AD", fix="Write Microsoft Entra ID."),
    Case(
        "L-DEP-02",
        CONTEXT,
        "```powershell\nConnect-AzureAD\n```",
        at="Connect-AzureAD",
        fix="Microsoft Graph PowerShell",
    ),
    Case("L-DEP-02", LIVE, "live: kubectl run x --image=k8s.gcr.io/pause", at="live:", fix="registry.k8s.io"),
]

NEAR = [
    Case("L-ATT-01", ABSTRACT, "The file T1.txt and ticket AT19990 are no techniques; T1562 is."),
    Case("L-ATT-03", ABSTRACT, "T1526 Cloud Service Discovery is in both versions."),
    Case("L-ATT-04", "logsource:", "tags: [attack.t1562.008, attack.defense-evasion, cve.2024-1]\nlogsource:"),
    Case("L-ATT-05", "Platforms:** IaaS", "Platforms:** IaaS, SaaS, Office Suite, Identity Provider"),
    Case("L-ATT-07", GOAL, "Detect one call that stops a trail, also from inside a container."),
    Case("L-ATT-08", TECHNIQUE, "- T1562 Impair Defenses: T1562.008 Disable or Modify Cloud Logs"),
    Case("L-ATT-08", ABSTRACT, "T1562.008 is an old name. See [T1526](https://attack.mitre.org/techniques/T1526/)."),
    Case("L-ATT-11", "techniques/T1562/008/)", "versions/v18/techniques/T1562/008)"),
    Case("L-ADS-02", "## Validation", "## Validation (Adversary Emulation)"),
    Case("L-ADS-04", ABSTRACT, "It reports patterns:\n\n- A trail stopped with StopLogging\n- See `trail_stopped`\n"),
    Case("L-ADS-05", ABSTRACT, "It reports an unusual number of calls: more than 20 in 10 minutes."),
    Case("L-ADS-05", CONTEXT, "Unusual calls are explained here."),
    Case("L-ADS-06", CONTEXT, "The unified audit log of Microsoft 365 shows something else."),
    Case("L-ADS-07", FALSE_POSITIVE, "- A planned exercise. It is not filtered: the finding scores it."),
    Case("L-ADS-09", CONTEXT, "No other call is available to an attacker who wants this; consult the trail."),
    Case("L-ADS-12", CONTEXT, "A robust parser reads the field."),
    Case("L-CMD-01", LIVE, "live: scout aws --services ec2"),
    Case("L-CMD-02", LIVE, "live: aws service-quotas list-service-quotas --service-code=ec2"),
    Case("L-CMD-02", CONTEXT, "`stop-logging` is the call, `aws iam get-group --group-name admins` another."),
    Case(
        "L-CMD-03", CONTEXT, "```sh\npip install scoutsuite==5.14.0\nbrew install cloudfox\napt-get install -y jq\n```"
    ),
    Case("L-CMD-03", CONTEXT, "```sh\npip install -r requirements.txt ./dist/own.whl\npip install own-tool==1.0\n```"),
    Case("L-CMD-03", CONTEXT, "```powershell\nInstall-Module AADInternals -Scope CurrentUser\n```"),
    Case(
        "L-CMD-04",
        CONTEXT,
        "Use tools like `AzureHound`, `ROADrecon` or ScoutSuite; install the agent; use CloudTrail Lake.",
    ),
    Case("L-CMD-04", CONTEXT, "Use tools like [`CloudShellBurst`](https://example.com/burst)."),
    Case("L-CMD-04", CONTEXT, "```sh\nexport A=1\nAWS_PROFILE=x aws s3 ls | grep 'a|b' && ./run.sh\n```"),
    Case("L-CMD-05", LIVE, "live: kubectl get pods -o jsonpath='{.items[0].metadata.name}'"),
    Case("L-CMD-07", LIVE, "live: kubectl run x --image=example.com/tool@sha256:" + "ab" * 32),
    Case("L-TEL-06", ABSTRACT, "Kubernetes events carry no user, so audit is read."),
    Case("L-TEL-07", LIVE, "live: az ad group list"),
    Case("L-PII-01", CONTEXT, "It was made with AKIAIOSFODNN7EXAMPLE by Chrome/131.0.0.0."),
    Case("L-PII-01", "StartLogging}", "StartLogging, sourceIPAddress: 198.51.100.7}"),
    Case(
        "L-SCH-02",
        "{product: aws, service: cloudtrail}\ndetection:\n" + RULE,
        "{product: kubernetes, service: audit}\ndetection:\n  a: {verb: deletecollection}\n  condition: a",
    ),
    Case("L-DEP-01", CONTEXT, "Microsoft Entra ID (once Azure AD) keeps the groups; `Azure AD` is in the log."),
    Case("L-DEP-02", CONTEXT, "PodSecurityPolicy was removed in Kubernetes 1.25."),
]


@pytest.mark.parametrize("case", TRIPS, ids=lambda case: f"{case.code}: {case.new.strip().splitlines()[-1:]}"[:70])
def test_a_check_finds_what_it_is_for_at_its_place(case: Case) -> None:
    found = problems(case)
    assert found, f"{case.code} found nothing"
    lines = CLEAN.replace(case.old, case.new).split("\n")
    fitting = [p for p in found if case.says in p.message and case.fix in p.fix and case.at in lines[p.line - 1]]
    assert fitting, [str(problem) for problem in found]


@pytest.mark.parametrize("case", NEAR, ids=lambda case: f"{case.code}: {case.new.strip().splitlines()[-1:]}"[:70])
def test_a_check_lets_be_what_only_looks_alike(case: Case) -> None:
    assert [str(problem) for problem in problems(case)] == []


def test_the_clean_document_trips_no_check() -> None:
    found = lint([parse(CLEAN, file="trail_stopped.md")])
    assert [str(problem) for problem in found] == []


def test_every_check_has_a_case() -> None:
    from stratagem.strategy.checks import CHECKS

    assert {check.code for check in CHECKS.values()} == {case.code for case in TRIPS}


def test_a_column_points_at_the_offending_phrase() -> None:
    case = Case("L-ATT-05", "Platforms:** IaaS", "Platforms:** IaaS, Azure AD")
    (problem,) = problems(case)
    line = CLEAN.replace(case.old, case.new).split("\n")[problem.line - 1]
    assert line[problem.column - 1 :] == "Azure AD"
