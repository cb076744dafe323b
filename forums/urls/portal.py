"""URLs of `forums.views.portal`: the home page of a member and what they keep about themselves."""

MEMBERS = []
