"""What members get for what they give: `expenses`, `training`, `thanks`, `buddies`, and what of it waits (`cards`)."""
