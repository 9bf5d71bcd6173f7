"""Tables as people have them, read and laid out: no database, no web."""
