"""Words and channels of what people are told."""
