"""L-CMD-03: a package that is not what its name says, is nearly another's name, or is of another package manager."""

from __future__ import annotations

from collections.abc import Iterator

from stratagem.errors import Severity
from stratagem.facts import tools
from stratagem.strategy.checks._contract import Check, Desk, Hit
from stratagem.strategy.checks._installs import Install, installs
from stratagem.strategy.model import Strategy

_MANAGER = {"psgallery": "the PowerShell Gallery", "pip": "pip", "go": "go install"}


def find(strategy: Strategy, desk: Desk) -> Iterator[Hit]:
    """Each install command's packages, held against the tool registry."""
    for install in installs(strategy):
        found = _judge(install)
        if found:
            message, fix, severity = found
            line, column = install.command.place_of(install.package)
            yield Hit(message=message, line=line, column=column, fix=fix, severity=severity)


def _judge(install: Install) -> tuple[str, str, Severity | None] | None:
    if install.package in tools.plain_packages(install.manager):
        return None
    impostor = _impostor(install.manager, install.package)
    if impostor:
        tool = tools.find(impostor.tool)
        message = f"the {install.manager} package '{impostor.package}' is {impostor.what}, not {impostor.tool}"
        return message, f"Install {impostor.tool} so: {tool.how if tool else impostor.source}.", None
    tool = tools.find(install.package)
    if tool is not None:
        return _wrong_manager(install, tool)
    near = tools.look_alike(install.package)
    if near is not None:
        message = (
            f"'{install.package}' is nearly the name of {near.name}; no {install.manager} package of that name is known"
        )
        return message, _do_not_correct(install, near), None
    package = tools.near_package(install.manager, install.package)
    if package is not None:
        message = f"'{install.package}' is nearly the name of the {install.manager} package '{package}'"
        return message, f"Write {package}, if that is the one you mean.", None
    if install.pinned:
        return None
    message = f"the {install.manager} package '{install.package}' is not among the reviewed ones"
    fix = "See that it is the project you mean, then pin its version (and hash)."
    return message, fix, Severity.WARNING


def _wrong_manager(install: Install, tool: tools.Tool) -> tuple[str, str, Severity | None] | None:
    if any(tools.fold(name) == tools.fold(install.package) for name in tool.packages.get(install.manager, ())):
        return None
    if install.manager == "go" and any(install.package.startswith(name) for name in tool.packages.get("go", ())):
        return None
    message = f"{tool.name} is {tool.about}: {_MANAGER.get(install.manager, install.manager)} does not carry it"
    return message, f"Install it so: {tool.how}.", None


def _do_not_correct(install: Install, tool: tools.Tool) -> str:
    fix = f"{tool.name} is {tool.about}; install it so: {tool.how}."
    impostor = next((each for each in tools.impostors() if each.tool == tool.name), None)
    if impostor and impostor.manager == install.manager:
        fix += f" Do not correct the spelling: the {impostor.manager} package '{impostor.package}' is {impostor.what}."
    return fix


def _impostor(manager: str, package: str) -> tools.Impostor | None:
    folded = tools.fold(package)
    same = (each for each in tools.impostors() if each.manager == manager and tools.fold(each.package) == folded)
    return next(same, None)


PLUGIN = Check(
    code="L-CMD-03",
    severity=Severity.ERROR,
    catches="package unknown, of another manager, nearly a tool's name, or of another project with that name",
    example="## Validation\n\nInstall MicroBurst (`pip install micr0bum`).\n",
    find=find,
)
