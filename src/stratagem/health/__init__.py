"""Is what arrives what is needed: sources against their own past and against what is expected, strategies against both."""
