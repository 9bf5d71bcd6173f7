"""Files that people send: what they are, and what is left of them before they are kept."""
