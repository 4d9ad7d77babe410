"""The columns of an access log, in order, and the names of web server rules."""

from __future__ import annotations

from stratagem.sources._http import webserver

KIND, KINDS = "log-type", "elb"

APPLICATION = (
    "type",
    "time",
    "elb",
    "client",
    "target",
    "request_processing_time",
    "target_processing_time",
    "response_processing_time",
    "elb_status_code",
    "target_status_code",
    "received_bytes",
    "sent_bytes",
    "request",
    "user_agent",
    "ssl_cipher",
    "ssl_protocol",
    "target_group_arn",
    "trace_id",
    "domain_name",
    "chosen_cert_arn",
    "matched_rule_priority",
    "request_creation_time",
    "actions_executed",
    "redirect_url",
    "error_reason",
    "target_port_list",
    "target_status_code_list",
    "classification",
    "classification_reason",
    "conn_trace_id",
)
CLASSIC = (*APPLICATION[1:13], "user_agent", "ssl_cipher", "ssl_protocol")
NETWORK = (
    "type",
    "log_version",
    "time",
    "elb",
    "listener",
    "client",
    "target",
    "connection_time",
    "tls_handshake_time",
    "received_bytes",
    "sent_bytes",
    "incoming_tls_alert",
    "chosen_cert_arn",
    "chosen_cert_serial",
    "ssl_cipher",
    "ssl_protocol",
    "tls_named_group",
    "domain_name",
    "alpn_fe_protocol",
    "alpn_be_protocol",
    "alpn_client_preference_list",
    "request_creation_time",
)
"""Columns of the three kinds of load balancer; what a network load balancer logs are TLS connections."""

NUMBERS = frozenset(
    {"client_port", "target_port", "elb_status_code", "target_status_code", "received_bytes", "sent_bytes"}
)

FIELDS = {
    KIND: f"Always {KINDS}; set by stratagem.",
    "type": "http, https, h2, grpcs, ws or wss; tls for a connection to a network load balancer.",
    "time": "When the response went out.",
    "elb": "Load balancer: app/name/id, or the name of a classic one.",
    "client_ip": "Client's address.",
    "client_port": "Client's port.",
    "target_ip": "Target's address.",
    "target_port": "Target's port.",
    "request_processing_time": "Seconds until the request went to the target; -1 where it did not.",
    "target_processing_time": "Seconds until the target answered.",
    "response_processing_time": "Seconds until the answer went out.",
    "elb_status_code": "Status that the client got.",
    "target_status_code": "Status that the target gave.",
    "received_bytes": "Bytes of the request.",
    "sent_bytes": "Bytes of the response.",
    "request_verb": "Method.",
    "request_url": "URL: protocol, host, port, path and query.",
    "request_proto": "Protocol.",
    "user_agent": "User agent.",
    "ssl_cipher": "TLS cipher.",
    "ssl_protocol": "TLS version.",
    "target_group_arn": "Target group.",
    "trace_id": "X-Amzn-Trace-Id; a client may send one of its own.",
    "domain_name": "Name that the client asked for in TLS (SNI).",
    "chosen_cert_arn": "Certificate.",
    "matched_rule_priority": "Priority of the rule that matched; 0 is the default.",
    "request_creation_time": "When the request came.",
    "actions_executed": "waf, waf-failed, authenticate, redirect, fixed-response, forward.",
    "redirect_url": "Where the client was sent.",
    "error_reason": "Why an action failed.",
    "target_port_list": "Targets that answered.",
    "target_status_code_list": "Statuses that they gave.",
    "classification": "Acceptable, Ambiguous or Severe, where the request breaks RFC 7230.",
    "classification_reason": "Why.",
    "conn_trace_id": "Connection.",
    "listener": "Listener of a network load balancer.",
    "connection_time": "Milliseconds that the connection lasted.",
    "tls_handshake_time": "Milliseconds of the TLS handshake.",
    "incoming_tls_alert": "TLS alert that the client sent.",
}

ALIASES = dict(
    webserver(
        method=("request_verb",),
        uri=("request_url",),
        path=("http.path",),
        query=("http.query",),
        status=("elb_status_code",),
        agent=("user_agent",),
        client=("client_ip",),
        host=("domain_name", "http.host"),
        size=("sent_bytes",),
    )
)
