"""The slow work of a report: gather its facts, freeze them, draw the page and lay out the PDF."""
