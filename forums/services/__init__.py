"""What may be asked of forums. `seats`: who sits where. `meetings`, `questions`, `recruitment`, `support`, `reviews`,
`practices`: one module for each part of the members' life."""
