"""`python -m stratagem`."""

from __future__ import annotations

from stratagem.cli import main

if __name__ == "__main__":
    main()
