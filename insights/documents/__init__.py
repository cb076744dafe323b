"""Slow or wide reads of what people told us, as plain data, and the pure functions behind them."""
