"""The measured claims. `make bench` prints them as JSON."""
