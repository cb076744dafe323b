"""Activities: where they stand."""
