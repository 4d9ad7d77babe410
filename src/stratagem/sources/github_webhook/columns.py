"""Webhooks as OCSF API Activity (class 6003): the repository and the files of a push are the resources."""

from __future__ import annotations

from stratagem.sources._sql import resource
from stratagem.sources.github_webhook.reading import SPECIFIC

_REPO = '{"full_name": "VARCHAR", "fork": "BOOLEAN"}'
_USER = '{"login": "VARCHAR", "id": "VARCHAR", "type": "VARCHAR"}'
_TIMES = '"updated_at": "VARCHAR", "created_at": "VARCHAR", "id": "VARCHAR", "html_url": "VARCHAR"'

STRUCTURE = f"""{{
  "ref": "VARCHAR", "ref_type": "VARCHAR", "before": "VARCHAR", "after": "VARCHAR", "action": "VARCHAR",
  "pusher": {{"name": "VARCHAR", "email": "VARCHAR"}}, "sender": {_USER},
  "repository": {{"full_name": "VARCHAR", "id": "VARCHAR", "pushed_at": "VARCHAR", "owner": {{"login": "VARCHAR"}}}},
  "organization": {{"login": "VARCHAR"}},
  "head_commit": {{"id": "VARCHAR", "timestamp": "VARCHAR", "message": "VARCHAR"}},
  "commits": [{{"added": ["VARCHAR"], "modified": ["VARCHAR"], "removed": ["VARCHAR"]}}],
  "workflow_run": {{{_TIMES}, "name": "VARCHAR", "event": "VARCHAR", "conclusion": "VARCHAR", "status": "VARCHAR"}},
  "workflow_job": {{"id": "VARCHAR", "started_at": "VARCHAR", "completed_at": "VARCHAR", "name": "VARCHAR",
    "conclusion": "VARCHAR", "status": "VARCHAR", "html_url": "VARCHAR"}},
  "pull_request": {{{_TIMES}, "title": "VARCHAR", "head": {{"repo": {_REPO}}}}},
  "review": {{"submitted_at": "VARCHAR", "state": "VARCHAR"}},
  "comment": {{{_TIMES}, "body": "VARCHAR"}},
  "issue": {{{_TIMES}, "title": "VARCHAR"}}
}}"""

_TIME = f"""CASE WHEN native.ref IS NOT NULL
    THEN coalesce({", ".join(f"native.{path}" for path in SPECIFIC)}, native.repository.pushed_at,
      native.head_commit.timestamp)
    ELSE coalesce({", ".join(f"native.{path}" for path in SPECIFIC)}) END"""
_KIND = """CASE
    WHEN native.ref IS NOT NULL AND native.ref_type IS NOT NULL THEN 'create_or_delete'
    WHEN native.ref IS NOT NULL THEN 'push'
    WHEN native.workflow_job IS NOT NULL THEN 'workflow_job'
    WHEN native.workflow_run IS NOT NULL THEN 'workflow_run'
    WHEN native.review IS NOT NULL THEN 'pull_request_review'
    WHEN native.comment IS NOT NULL AND native.issue IS NOT NULL THEN 'issue_comment'
    WHEN native.comment IS NOT NULL THEN 'comment'
    WHEN native.issue IS NOT NULL THEN 'issues'
    WHEN native.pull_request IS NOT NULL THEN 'pull_request' END"""
_FILES = """list_distinct(flatten(list_transform(native.commits, lambda each:
    coalesce(each.added, []) || coalesce(each.modified, []) || coalesce(each.removed, []))))"""

PROJECTION = f"""
  {_TIME} AS _time,
  {_KIND} AS _kind,
  coalesce(native.organization.login, native.repository.owner.login,
    split_part(native.repository.full_name, '/', 1)) AS _owner,
  coalesce(native.sender.login, native.pusher.name) AS _actor,
  coalesce(native.workflow_run.conclusion, native.workflow_job.conclusion) AS _conclusion,
  list_sort({_FILES}) AS _files
;
  iso_time(_time) AS "time",
  _time AS "metadata.original_time",
  6003 AS "class_uid",
  CASE WHEN _kind = 'push' THEN 3 WHEN native.action IN ('opened', 'created', 'requested', 'submitted') THEN 1
    WHEN native.action IN ('deleted') THEN 4 WHEN native.action IN ('edited', 'synchronize', 'closed', 'completed')
    THEN 3 ELSE 99 END AS "activity_id",
  CASE _conclusion WHEN 'success' THEN 1 WHEN 'failure' THEN 2 ELSE 0 END AS "status_id",
  _conclusion AS "status",
  'github:' || coalesce(_owner, '') || ':' || coalesce(native.sender.id, _actor) AS "principal",
  _owner AS "account",
  'GitHub' AS "metadata.product.name",
  'GitHub' AS "metadata.product.vendor_name",
  'webhook' AS "metadata.log_name",
  _kind AS "metadata.event_code",
  native.after AS "metadata.correlation_uid",
  coalesce(native.head_commit.message, native.pull_request.title, native.issue.title, native.workflow_run.name,
    native.workflow_job.name) AS "message",
  _actor AS "actor.user.name",
  native.sender.id AS "actor.user.uid",
  native.pusher.email AS "actor.user.email_addr",
  CASE native.sender.type WHEN 'User' THEN 1 WHEN 'Bot' THEN 4 ELSE 0 END AS "actor.user.type_id",
  concat_ws('.', _kind, native.action) AS "api.operation",
  'github.com' AS "api.service.name",
  coalesce(native.workflow_run.html_url, native.workflow_job.html_url, native.comment.html_url,
    native.pull_request.html_url, native.issue.html_url) AS "http_request.url.url_string",
  [{
    resource(
        name="native.repository.full_name",
        kind="'repository'",
        uid="native.repository.id",
        version="native.after",
        owner="_owner",
    )
}] || coalesce(list_transform(_files, lambda each: {
    resource(name="each", kind="'file'", version="native.ref")
}), []) AS "resources"
"""
