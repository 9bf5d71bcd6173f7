"""What things are and which rules bind them: standard library only."""
