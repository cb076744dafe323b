"""Where people meet: forums, their kinds, sizes and links."""
