"""What a call asks for: does it name anything, and what does it ask of containers and trails.

An account-wide read ("list everything") carries no selector; Terraform's refresh reads name what they read.
Counting only calls without a selector separates enumeration from infrastructure code.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from stratagem.sources._contract import Native
from stratagem.sources._text import at, listing, mapping, objects, text, texts, truthy

_PLUMBING = (
    "maxresults maxitems maxrecords maxbuckets limit pagesize maxkeys nexttoken nextpagetoken marker nextmarker token "
    "paginationtoken continuationtoken startingtoken pagetoken host x-id encoding-type list-type include outputformat "
    "scope order sortorder sortby orderby identitystoreid instancearn"
)
PLUMBING = frozenset(_PLUMBING.split())
"""Parameters (lower case) that page, format or address the call, or name the only thing of its kind in an account."""
DEEPEST = 8


def is_untargeted(record: Native) -> bool:
    """True where `requestParameters` holds no selector: null, empty, or only paging and empty sets."""
    return not _selects(record.get("requestParameters"), text(record.get("recipientAccountId")), DEEPEST)


def _selects(value: Any, own_account: str | None, depth: int) -> bool:
    if value is None or isinstance(value, bool) or value in ("", "self", own_account):
        return False
    if depth == 0:
        return True
    if isinstance(value, Mapping):
        return any(
            str(name).lower() not in PLUMBING and _selects(inner, own_account, depth - 1)
            for name, inner in value.items()
        )
    if isinstance(value, list):
        return any(_selects(inner, own_account, depth - 1) for inner in value)
    return True


_VERSION = re.compile(r"(?:\d{8}|20\d\d_\d\d_\d\d)(?:v\d+)?$")


def action(record: Native) -> str | None:
    """The call as IAM writes it, without the API's date: `lambda:ListFunctions` for `ListFunctions20150331`."""
    service, name = text(record.get("eventSource")), text(record.get("eventName"))
    if service is None or name is None:
        return None
    return f"{service.partition('.')[0]}:{_VERSION.sub('', name)}"


def ecs_containers(record: Native) -> list[Mapping[str, Any]] | None:
    """Container definitions of a task definition, or the container overrides of a task that is run."""
    if record.get("eventSource") != "ecs.amazonaws.com":
        return None
    request = mapping(record.get("requestParameters"))
    found = list(objects(request.get("containerDefinitions")))
    found += objects(at(request, "overrides", "containerOverrides"))
    return found or None


def ecs_privileged(record: Native) -> bool | None:
    containers = ecs_containers(record)
    return None if containers is None else any(truthy(each.get("privileged")) for each in containers)


def ecs_images(record: Native) -> list[str] | None:
    images = [image for each in ecs_containers(record) or () if (image := text(each.get("image")))]
    return images or None


def ecs_registries(record: Native) -> list[str] | None:
    """The registry of each image; an image without one comes from docker.io."""
    images = ecs_images(record)
    return None if images is None else [registry_of(image) for image in images]


def registry_of(image: str) -> str:
    """The host part of an image reference: it holds a dot or a port, or is localhost."""
    host, slash, _ = image.partition("/")
    return host.lower() if slash and ("." in host or ":" in host or host == "localhost") else "docker.io"


def ecs_added_capabilities(record: Native) -> list[str] | None:
    found = [
        capability
        for each in ecs_containers(record) or ()
        for capability in texts(at(each, "linuxParameters", "capabilities", "add"))
    ]
    return found or None


def ecs_commands(record: Native) -> list[str] | None:
    """Entry point and command of each container, as one line."""
    lines = [
        " ".join((*texts(each.get("entryPoint")), *texts(each.get("command")))) for each in ecs_containers(record) or ()
    ]
    return [line for line in lines if line] or None


def ecs_host_paths(record: Native) -> list[str] | None:
    """Host folders that a task definition mounts."""
    if record.get("eventSource") != "ecs.amazonaws.com":
        return None
    volumes = objects(at(record, "requestParameters", "volumes"))
    return [path for volume in volumes if (path := text(at(volume, "host", "sourcePath")))] or None


def ecs_host_namespaces(record: Native) -> list[str] | None:
    """Which of `pid`, `ipc` and `network` a task definition shares with its host."""
    if record.get("eventSource") != "ecs.amazonaws.com":
        return None
    request = mapping(record.get("requestParameters"))
    return [kind for kind in ("pid", "ipc", "network") if request.get(f"{kind}Mode") == "host"] or None


def keeps_management_events(record: Native) -> bool | None:
    """After PutEventSelectors, does the trail still record management writes? None for other calls."""
    if record.get("eventName") != "PutEventSelectors":
        return None
    request = mapping(record.get("requestParameters"))
    advanced = list(objects(request.get("advancedEventSelectors")))
    if advanced:
        return any(_selects_management(selector) for selector in advanced)
    plain = list(objects(request.get("eventSelectors")))
    return any(_plain_keeps_management(selector) for selector in plain) if plain else None


def _plain_keeps_management(selector: Mapping[str, Any]) -> bool:
    flag = selector.get("includeManagementEvents")
    kept = flag is None or truthy(flag)
    return kept and selector.get("readWriteType") != "ReadOnly"


def _selects_management(selector: Mapping[str, Any]) -> bool:
    """An advanced selector keeps management writes if it asks for the category and not for reads alone."""
    fields = {text(each.get("field")): each for each in _field_selectors(selector)}
    wanted = texts(fields.get("eventCategory", {}).get("equals"))
    reads_only = any(truthy(value) for value in listing(fields.get("readOnly", {}).get("equals")))
    return "Management" in wanted and not reads_only


def _field_selectors(selector: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    return objects(selector.get("fieldSelectors"))


def event_category(record: Native) -> str:
    """`management`, `data` (objects, functions, items) or `network` (VPC endpoints).

    Older records say only whether they are management events; still older ones are management events.
    """
    said = text(record.get("eventCategory"))
    if said is not None:
        return {"Management": "management", "Data": "data", "NetworkActivity": "network"}.get(said, said.lower())
    return "data" if record.get("managementEvent") is False else "management"


def data_resource(record: Native) -> str | None:
    """What a data event touched: the ARN of the object, function or table, or the prefix of ARNs that was listed."""
    if event_category(record) != "data":
        return None
    named = list(objects(record.get("resources")))
    found = [text(each.get("ARN")) or text(each.get("ARNPrefix")) for each in named]
    return next((one for one in found if one), None)
