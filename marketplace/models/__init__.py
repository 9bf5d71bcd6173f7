"""Tables, what must always hold in them, and nothing that loads rows behind your back."""
