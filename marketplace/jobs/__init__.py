"""What runs later or on a clock."""
