"""Forms of forums, one module for each module of `forums.views`."""
