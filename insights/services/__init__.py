"""What a person may ask for, by area: one transaction each, with its audit row."""
