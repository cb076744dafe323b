"""The sections of a body's profile that reporting reads, by area."""
