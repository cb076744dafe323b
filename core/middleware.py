"""Middleware that no app owns."""

from django.utils.cache import add_never_cache_headers


class NoStoreMiddleware:
    """Nothing that a signed-in person sees may stay in a cache on a shared computer."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if request.user.is_authenticated:
            add_never_cache_headers(response)
        return response
