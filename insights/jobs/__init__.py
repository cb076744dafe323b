"""Long work that `insights.tasks` carries to a worker: files of comments, rounds of learning, telling people."""
