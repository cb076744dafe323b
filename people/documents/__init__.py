"""Documents about people. `my_data`: everything that is kept about one person, to take away."""
