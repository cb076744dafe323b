"""Who signs in, and what they may do."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.privacy import Personal
from people.models.places import Area, Organisation


class UserManager(BaseUserManager):
    def create_user(self, email, password=None, **fields):
        if not email:
            raise ValueError("a user needs an e-mail address")
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email, password=None, **fields):
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """An account that signs in. Most people on the register have none: they are a Person alone."""

    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name"), max_length=150)
    is_staff = models.BooleanField(
        _("may use the admin"), default=False, editable=False, help_text=_("Follows from the roles.")
    )
    is_active = models.BooleanField(_("may sign in"), default=True)
    date_joined = models.DateTimeField(_("joined"), default=timezone.now, editable=False)

    objects = UserManager()

    USERNAME_FIELD = EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ("name",)

    personal = {
        "email": Personal(
            "P3", "to sign in and to be written to", keep="6 years after the last sign-in", erase="deleted"
        ),
        "name": Personal("P3", "to say who did what", keep="6 years after the last sign-in"),
    }
    not_personal = ("password",)

    class Meta:
        verbose_name = _("user")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="%(app_label)s_%(class)s_email_once",
                violation_error_message=_("Somebody already has this e-mail address"),
            )
        ]

    def __str__(self):
        return self.name or self.email

    def get_full_name(self):
        return self.name

    def get_short_name(self):
        return self.name.split(" ")[0]

    def needs_second_factor(self) -> bool:
        """Whether a password or a code alone is too little: for everybody but members."""
        return self.is_superuser or any(role.name != Role.Name.MEMBER for role in self.roles.all())

    def only_areas(self) -> set[int] | None:
        """The areas that every role of this user is limited to; None for somebody who works for all of them."""
        areas = {role.area_id for role in self.roles.all()}
        return None if self.is_superuser or None in areas else areas


class Role(models.Model):
    """What a user may do and for which part of the area. Without an area: for all of it."""

    class Name(models.TextChoices):
        ADMINISTRATOR = "administrator", _("administrator")
        LEAD = "lead", _("engagement lead")
        OFFICER = "officer", _("engagement officer")
        PROJECT_LEAD = "project_lead", _("project lead")
        SECRETARY = "secretary", _("board secretary")
        SAFEGUARDING = "safeguarding", _("safeguarding lead")
        MEMBER = "member", _("forum member")
        PARTNER = "partner", _("partner organisation")

    STAFF = (Name.ADMINISTRATOR, Name.LEAD, Name.OFFICER, Name.PROJECT_LEAD)

    user = models.ForeignKey(User, models.CASCADE, related_name="roles")
    name = models.CharField(_("role"), max_length=20, choices=Name.choices)
    area = models.ForeignKey(
        Area, models.PROTECT, null=True, blank=True, related_name="roles", verbose_name=_("only for")
    )
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="roles", verbose_name=_("works for")
    )

    personal = {"user": Personal("P3", "what somebody may do", erase="deleted")}
    not_personal = ()

    class Meta:
        verbose_name = _("role")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "name", "area"],
                condition=Q(area__isnull=False),
                name="%(app_label)s_%(class)s_once_an_area",
                violation_error_message=_("This user has that role already"),
            ),
            models.UniqueConstraint(
                fields=["user", "name"],
                condition=Q(area__isnull=True),
                name="%(app_label)s_%(class)s_once_for_all_areas",
                violation_error_message=_("This user has that role already"),
            ),
            models.CheckConstraint(
                condition=Q(name="partner", organisation__isnull=False)
                | ~Q(name="partner") & Q(organisation__isnull=True),
                name="%(app_label)s_%(class)s_partner_works_for_somebody",
                violation_error_message=_("A partner works for an organisation; no other role has one"),
            ),
        ]

    def __str__(self):
        return f"{self.user}: {self.get_name_display()}" + (f" ({self.area})" if self.area_id else "")
