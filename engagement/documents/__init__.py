"""Slow or wide reads, as plain data: the forward plan, coverage, who took part, what looks wrong, printed forms."""
