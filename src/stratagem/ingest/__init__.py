"""Bytes of files -> batches of records, whatever they come in; nothing here knows what a record means."""
