"""Which way goods go, how long it takes and what it costs: numpy and scipy only."""
