"""The suite of Notes."""
