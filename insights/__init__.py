"""What we heard and what came of it: “you said, we did”."""
