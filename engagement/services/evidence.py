"""Claims, proof and review."""
