"""The seven localities, their roads, goods and tariffs as CSV; docs/data.md says where from."""
