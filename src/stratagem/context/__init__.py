"""What logs do not know: reviewed files of the workspace."""
