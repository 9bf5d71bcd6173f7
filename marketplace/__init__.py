"""A supply and demand marketplace for the produce of seven localities south of the Hậu river."""
