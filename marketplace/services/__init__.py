"""Use cases: one public function, one transaction. A service never calls another service."""
