"""What baselines have learned, for people: shown, drawn, exported, compared."""
