"""A source as a file says it: YAML -> Declaration (data, checked) -> Source."""
