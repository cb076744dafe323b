"""What a person may ask of reporting, by area: one transaction each, with its audit row."""
