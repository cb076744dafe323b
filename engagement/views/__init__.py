"""Pages for staff under `/record/`, for everybody under `/have-your-say/`, for members under `/members/assurance/`."""
