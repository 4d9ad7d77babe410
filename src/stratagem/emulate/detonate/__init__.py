"""Detonating techniques: offline into log files, or live in a lab; verifying, reverting and cleaning up."""
