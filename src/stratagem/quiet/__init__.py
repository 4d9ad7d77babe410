"""Why a strategy reports nothing."""
