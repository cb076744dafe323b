"""Who and where: users, persons, roles, organisations, areas, population groups."""
