"""The reader panel. `staff` ask, decide and send the result; `members` read and answer; `figures` of a period."""
