"""What is worked out from the record, free of HTTP: one module for each piece of work. The clockwork is `cadences`
(months, meetings expected), `rules` (each rule by itself) and `clockwork` (all of them for many forums at once)."""
