"""Is what arrives what is needed: sources against their own past and what is expected, strategies against both."""
