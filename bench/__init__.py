"""Every performance claim of stratagem, runnable: `python -m bench --corpus DIR --rules DIR`."""
