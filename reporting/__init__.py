"""How we prove it: reports, their frozen snapshots and the files made from them."""
