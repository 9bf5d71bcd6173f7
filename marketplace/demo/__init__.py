"""Sample data: markets that never were, drawn from what is known of the real ones."""
