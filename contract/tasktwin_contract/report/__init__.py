"""What a run found: on a terminal, and as files."""
