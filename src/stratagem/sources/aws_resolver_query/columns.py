"""Resolver queries as OCSF DNS Activity (4003)."""

from __future__ import annotations

STRUCTURE = """{
  "version": "VARCHAR", "account_id": "VARCHAR", "region": "VARCHAR", "vpc_id": "VARCHAR",
  "query_timestamp": "VARCHAR", "query_name": "VARCHAR", "query_type": "VARCHAR", "query_class": "VARCHAR",
  "rcode": "VARCHAR", "answers": "JSON", "srcaddr": "VARCHAR", "srcport": "VARCHAR", "transport": "VARCHAR",
  "srcids": {"instance": "VARCHAR", "resolver_endpoint": "VARCHAR", "resolver_network_interface": "VARCHAR"},
  "firewall_rule_action": "VARCHAR", "firewall_rule_group_id": "VARCHAR", "firewall_domain_list_id": "VARCHAR"
}"""

_ANSWERS = """json_transform(CASE WHEN json_type(native.answers) = 'ARRAY' THEN native.answers END,
    '[{"Rdata": "VARCHAR", "Type": "VARCHAR"}]')"""
_CODES = ["NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED"]
_CODE = " ".join(f"WHEN '{name}' THEN {number}" for number, name in enumerate(_CODES))

PROJECTION = f"""
  iso_time(native.query_timestamp) AS "time",
  4003 AS "class_uid",
  6 AS "activity_id",
  CASE native.rcode WHEN 'NOERROR' THEN 1 ELSE CASE WHEN native.rcode IS NULL THEN 0 ELSE 2 END END AS "status_id",
  native.rcode AS "status_code",
  CASE native.firewall_rule_action WHEN 'BLOCK' THEN 2 WHEN 'ALERT' THEN 3 ELSE 1 END AS "action_id",
  native.firewall_rule_action AS "action",
  CASE native.firewall_rule_action WHEN 'BLOCK' THEN 2 WHEN 'ALERT' THEN 19 ELSE 1 END AS "disposition_id",
  native.firewall_rule_action AS "disposition",
  native.account_id AS "account",
  native.region AS "region",
  'Route 53 Resolver' AS "metadata.product.name",
  'AWS' AS "metadata.product.vendor_name",
  native.version AS "metadata.log_version",
  native.query_timestamp AS "metadata.original_time",
  'AWS' AS "cloud.provider",
  native.region AS "cloud.region",
  native.account_id AS "cloud.account.uid",
  ip_address(native.srcaddr) AS "src_endpoint.ip",
  TRY_CAST(native.srcport AS INTEGER) AS "src_endpoint.port",
  native.vpc_id AS "src_endpoint.vpc_uid",
  native.srcids.instance AS "src_endpoint.instance_uid",
  native.srcids.resolver_network_interface AS "src_endpoint.interface_uid",
  lower(native.transport) AS "connection_info.protocol_name",
  CASE lower(native.transport) WHEN 'udp' THEN 17 WHEN 'tcp' THEN 6 END AS "connection_info.protocol_num",
  2 AS "connection_info.direction_id",
  lower(rtrim(native.query_name, '.')) AS "query.hostname",
  native.query_type AS "query.type",
  native.query_class AS "query.class",
  native.rcode AS "rcode",
  CASE native.rcode {_CODE} ELSE CASE WHEN native.rcode IS NOT NULL THEN 99 END END AS "rcode_id",
  list_transform({_ANSWERS}, lambda each: {{'rdata': each.Rdata, 'type': each.Type}}) AS "answers",
  native.firewall_rule_group_id AS "firewall_rule.uid",
  native.firewall_domain_list_id AS "firewall_rule.name"
"""
