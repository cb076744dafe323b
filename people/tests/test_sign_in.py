"""Signing in: codes by e-mail, passwords, second factors, and what a stranger may learn (nothing)."""

import hashlib
import hmac
import json
import re
import struct
import time
from base64 import b32decode

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.cache import cache
from django.urls import reverse

from people.adapters import CODE_ALPHABET, CODE_LENGTH, AccountAdapter, SealedCode, SecondFactorAdapter
from people.models import User
from people.tests import factories

pytestmark = pytest.mark.django_db

REQUEST_CODE = "/accounts/login/code/"
CONFIRM_CODE = "/accounts/login/code/confirm/"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture(autouse=True)
def no_requests_counted():
    """The rate limits begin anew."""
    cache.clear()


@pytest.fixture
def member() -> User:
    """Somebody who has no password, like everybody on a forum."""
    user = factories.user(email="member@example.org")
    user.set_unusable_password()
    user.save()
    return user


def ask_for_code(client, email="member@example.org"):
    return client.post(REQUEST_CODE, {"email": email}, follow=True)


def code_in(message) -> str:
    return re.search(r"^([A-Z]{4}-[A-Z]{4})$", message.body, re.MULTILINE).group(1)


def app_code(secret: str) -> str:
    """What an authenticator app shows now (RFC 6238)."""
    digest = hmac.new(b32decode(secret), struct.pack(">Q", int(time.time()) // 30), hashlib.sha1).digest()
    start = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[start : start + 4])[0] & 0x7FFFFFFF) % 1_000_000:06d}"


def set_up_app(client, user):
    """Sign in with the password, give it again, and set an authenticator app up."""
    client.post("/accounts/login/", {"login": user.email, "password": factories.PASSWORD})
    client.post("/accounts/reauthenticate/", {"password": factories.PASSWORD})
    secret = client.get("/accounts/2fa/totp/activate/").context["form"].secret
    return client.post("/accounts/2fa/totp/activate/", {"code": app_code(secret)}, follow=True)


def is_signed_in(client) -> bool:
    return "_auth_user_id" in client.session


def test_a_code_has_eight_letters_that_cannot_be_mistaken():
    codes = [SealedCode.make().plain for _each in range(200)]
    assert CODE_LENGTH == 8
    assert set("".join(codes)) <= set(CODE_ALPHABET) | {"-"}
    assert not set(CODE_ALPHABET) & set("AEIOUY0125")
    assert {len(code) for code in codes} == {9}
    assert len(set(codes)) == 200


@pytest.mark.parametrize(
    "written", [str, str.lower, lambda code: code.replace("-", ""), lambda code: f" {code.replace('-', ' ')} "]
)
def test_the_code_from_the_email_signs_a_member_in_however_it_is_written(client, member, written):
    ask_for_code(client)
    response = client.post(CONFIRM_CODE, {"code": written(code_in(mail.outbox[0]))})
    assert response.status_code == 302
    assert is_signed_in(client)


def test_a_code_works_once(client, member):
    ask_for_code(client)
    code = code_in(mail.outbox[0])
    client.post(CONFIRM_CODE, {"code": code})
    client.logout()
    client.post(CONFIRM_CODE, {"code": code})
    assert not is_signed_in(client)


def test_a_code_works_only_in_the_browser_that_asked_for_it(client, member):
    ask_for_code(client)
    other = type(client)()
    ask_for_code(other)
    other.post(CONFIRM_CODE, {"code": code_in(mail.outbox[0])})
    assert not is_signed_in(other)


def test_looking_at_the_page_does_not_use_the_code_up(client, member):
    ask_for_code(client)
    assert {client.get(CONFIRM_CODE).status_code for _each in range(20)} == {200}
    client.post(CONFIRM_CODE, {"code": code_in(mail.outbox[0])})
    assert is_signed_in(client)


def test_a_newer_code_replaces_the_older(client, member):
    ask_for_code(client)
    client.post(CONFIRM_CODE, {"action": "resend"})
    older, newer = map(code_in, mail.outbox)
    client.post(CONFIRM_CODE, {"code": older})
    assert not is_signed_in(client)
    client.post(CONFIRM_CODE, {"code": newer})
    assert is_signed_in(client)


def test_a_code_runs_out_after_ten_minutes(client, member, settings):
    assert settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT == 600
    ask_for_code(client)
    session = client.session
    session["account_login"]["state"]["stages"]["login_by_code"]["data"]["at"] -= 601
    session.save()
    client.post(CONFIRM_CODE, {"code": code_in(mail.outbox[0])})
    assert not is_signed_in(client)


def test_five_wrong_codes_end_the_attempt(client, member):
    ask_for_code(client)
    answers = [client.post(CONFIRM_CODE, {"code": "BBBB-BBBB"}) for _each in range(5)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 200, 302]
    assert answers[4].url == REQUEST_CODE
    client.post(CONFIRM_CODE, {"code": code_in(mail.outbox[0])})
    assert not is_signed_in(client)


def test_a_wrong_code_is_explained_in_the_summary_and_at_the_field(client, member):
    ask_for_code(client)
    html = client.post(CONFIRM_CODE, {"code": "é"}).content.decode()
    assert '<a href="#id_code">The code is wrong. Check the latest email from us and try again</a>' in html
    assert "<title>Error: Type the code" in html


def test_the_database_does_not_hold_the_code(client, member):
    ask_for_code(client)
    code = code_in(mail.outbox[0])
    stored = json.dumps([session.get_decoded() for session in Session.objects.all()])
    assert "login_by_code" in stored
    assert code not in stored
    assert code.replace("-", "") not in stored.upper()


def test_an_unknown_address_gets_the_same_page_and_as_much_mail(client, member):
    other = type(client)()
    known, unknown = ask_for_code(client), ask_for_code(other, "nobody@example.org")
    pages = [re.sub(r'value="[^"]{64}"', "", page.content.decode()) for page in (known, unknown)]
    assert known.redirect_chain == unknown.redirect_chain == [(CONFIRM_CODE, 302)]
    assert pages[0] == pages[1].replace("nobody@example.org", "member@example.org")
    assert [message.to for message in mail.outbox] == [["member@example.org"], ["nobody@example.org"]]
    assert mail.outbox[0].subject == mail.outbox[1].subject == "Your code to sign in"


def test_no_code_opens_an_unknown_address(client):
    ask_for_code(client, "nobody@example.org")
    client.post(CONFIRM_CODE, {"code": ""})
    client.post(CONFIRM_CODE, {"code": "BCDF-GHJK"})
    assert not is_signed_in(client)


def test_a_password_reset_looks_the_same_for_an_unknown_address(client, member):
    answers = [
        client.post("/accounts/password/reset/", {"email": email})
        for email in ("member@example.org", "nobody@example.org")
    ]
    assert [answer.url for answer in answers] == ["/accounts/password/reset/done/"] * 2
    assert [len(message.body) > 0 for message in mail.outbox] == [True, True]


def test_a_forum_of_sixty_signs_in_through_one_wifi_in_the_same_minute(client, member):
    members = [factories.user("member", email=f"member{number}@example.org") for number in range(60)]
    for each in members:
        mail.outbox.clear()
        client.logout()
        ask_for_code(client, each.email)
        client.post(CONFIRM_CODE, {"code": code_in(mail.outbox[0])})
        assert client.session["_auth_user_id"] == str(each.pk)


def test_one_address_is_sent_six_codes_an_hour_and_no_more(client, member):
    for _each in range(8):
        client.logout()
        ask_for_code(client)
    assert len(mail.outbox) == 6


def test_nobody_signs_up(client):
    assert AccountAdapter().is_open_for_signup(None) is False
    html = client.get("/accounts/signup/").content.decode()
    assert "You cannot make an account here" in html
    client.post("/accounts/signup/", {"email": "new@example.org", "password1": "three blue otters"})
    assert not User.objects.filter(email="new@example.org").exists()


def test_an_empty_sign_in_form_says_what_to_enter(client):
    html = client.post("/accounts/login/", {}).content.decode()
    assert re.findall(r'<a href="#(id_\w+)">([^<]+)</a>', html) == [
        ("id_login", "Enter email address"),
        ("id_password", "Enter password"),
    ]


def test_a_wrong_password_does_not_say_which_half_was_wrong(client, member):
    answers = [
        client.post("/accounts/login/", {"login": email, "password": "wrong"})
        for email in ("member@example.org", "nobody@example.org")
    ]
    assert [answer.context["form"].non_field_errors() for answer in answers] == [
        ["The email address or the password is wrong"]
    ] * 2


def test_secrets_of_second_factors_are_encrypted_at_rest():
    user = factories.user("officer")
    TOTP.activate(user, SECRET)
    stored = Authenticator.objects.get().data["secret"]
    assert SECRET not in stored
    assert SecondFactorAdapter().decrypt(stored) == SECRET
    assert SecondFactorAdapter().encrypt(SECRET) != stored


def test_a_secret_encrypted_with_the_key_before_can_still_be_read(settings):
    encrypted = SecondFactorAdapter().encrypt(SECRET)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "a new key", [settings.SECRET_KEY]
    assert SecondFactorAdapter().decrypt(encrypted) == SECRET


def test_staff_with_an_app_are_asked_for_its_code_after_the_password(client):
    user = factories.user("officer")
    TOTP.activate(user, SECRET)
    answer = client.post("/accounts/login/", {"login": user.email, "password": factories.PASSWORD})
    assert answer.url == "/accounts/2fa/authenticate/"
    assert not is_signed_in(client)
    assert "Second step" in client.get(answer.url).content.decode()
    client.post(answer.url, {"code": app_code(SECRET)})
    assert is_signed_in(client)


def test_staff_set_up_an_app_and_see_their_recovery_codes(client):
    answer = set_up_app(client, factories.user("officer"))
    assert answer.redirect_chain == [("/accounts/2fa/recovery-codes/", 302)]
    assert len(re.findall(r'<li class="app-code">\d{8}</li>', answer.content.decode())) == 10


def test_keys_are_named_by_number():
    user = factories.user("officer")
    kind = Authenticator.Type.WEBAUTHN
    assert SecondFactorAdapter().generate_authenticator_name(user, kind) == "Security key 1"
    Authenticator.objects.create(user=user, type=kind, data={"name": "Blue key"})
    assert SecondFactorAdapter().generate_authenticator_name(user, kind) == "Security key 2"


OPEN_PAGES = {
    "account_login": "Sign in",
    "account_request_login_code": "Sign in with a code",
    "account_signup": "You cannot make an account here",
    "account_inactive": "This account is closed",
    "account_reset_password": "Choose a new password",
    "account_reset_password_done": "Check your email",
    "account_reset_password_from_key_done": "Your password is changed",
}
STAFF_PAGES = {
    "account_logout": "Do you want to sign out?",
    "account_change_password": "Change your password",
    "account_reauthenticate": "Show that it is you",
    "mfa_index": "Sign-in settings",
    "mfa_reauthenticate": "Show that it is you",
    "mfa_view_recovery_codes": "Recovery codes",
    "mfa_generate_recovery_codes": "Make new recovery codes",
    "mfa_deactivate_totp": "Remove the authenticator app",
    "mfa_list_webauthn": "Your keys",
    "mfa_add_webauthn": "Add a key",
}


def heading(html: str) -> list[str]:
    return re.findall(r"<h1>([^<]+)</h1>", html)


@pytest.mark.parametrize(("name", "title"), OPEN_PAGES.items())
def test_a_page_that_is_open_to_all_has_one_plain_heading(client, name, title):
    assert heading(client.get(reverse(name)).content.decode()) == [title]


@pytest.fixture
def staff(client) -> User:
    """Staff who signed in just now, with a password and an app."""
    user = factories.user("officer")
    set_up_app(client, user)
    return user


@pytest.mark.parametrize(("name", "title"), STAFF_PAGES.items())
def test_a_page_of_the_sign_in_settings_has_one_plain_heading(client, staff, name, title):
    assert heading(client.get(reverse(name)).content.decode()) == [title]


def test_the_pages_of_a_key_name_it(client, staff):
    key = Authenticator.objects.create(user=staff, type=Authenticator.Type.WEBAUTHN, data={"name": "Blue key"})
    assert heading(client.get(reverse("mfa_edit_webauthn", args=[key.pk])).content.decode()) == ["Rename the key"]
    assert heading(client.get(reverse("mfa_remove_webauthn", args=[key.pk])).content.decode()) == ["Remove Blue key"]


def test_a_new_password_is_chosen_by_the_link_in_the_email(client):
    factories.user(email="officer@example.org")
    client.post("/accounts/password/reset/", {"email": "officer@example.org"})
    link = re.search(r"http://\S+(/accounts/\S+)", mail.outbox[0].body).group(1)
    page = client.get(link, follow=True)
    assert heading(page.content.decode()) == ["Choose a new password"]
    form = {"password1": "seven quiet red kites", "password2": "seven quiet red kites"}
    assert client.post(page.redirect_chain[0][0], form).url == "/accounts/password/reset/key/done/"
    assert User.objects.get().check_password("seven quiet red kites")
    assert heading(client.get(link, follow=True).content.decode()) == ["The link does not work any more"]
