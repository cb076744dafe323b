"""URLs: `/reports/` in `reports`, `/open-data/` in `open_data`."""
