"""What we do: principles, periods, activities and their numbers, evidence."""
