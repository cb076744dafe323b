"""Forms about comments: collections, comments typed in, files, what is held, quotes, like comments."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.forms import DatePartsField, FilterForm, Form, ModelForm
from engagement.models import Activity
from engagement.services.representatives import find_person
from insights.documents.comments import distinct
from insights.models import Coding, Collection, Comment, CommentUpload, Frame, Quote, Theme
from insights.services import receipts
from insights.services.uploads import check_file
from people.models import Area, Organisation


class CollectionForm(ModelForm):
    class Meta:
        model = Collection
        fields = ["title", "activity", "organisation"]
        labels = {"title": _("Title"), "activity": _("Activity"), "organisation": _("Comes from")}

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        mine = self.fields["activity"]
        mine.queryset = Activity.objects.for_user(user).order_by("title")
        # Somebody for one place would not see a collection that belongs to no activity there.
        mine.required = user.only_areas() is not None
        self.fields["organisation"].queryset = Organisation.objects.order_by("name")


class CommentForm(ModelForm):
    """A comment to type in, and who is to hear what came of it: somebody on the register, or who holds a slip."""

    said_on = DatePartsField(label=_("Day on which it was said"), initial=timezone.localdate)
    said_by = forms.CharField(
        label=_("Who said it, if they want to hear what came of it"),
        help_text=_("Name or e-mail address, as the register has it. It does not stand beside their words."),
        max_length=300,
        required=False,
    )
    receipt = forms.CharField(
        label=_("Or the code on their slip"),
        help_text=_("Eight letters, like BCDF GHJK."),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "class": "nhsuk-input--width-10"}),
    )
    may_be_quoted = forms.NullBooleanField(
        label=_("May it be quoted?"),
        required=False,
        widget=forms.RadioSelect(
            choices=[("unknown", _("Nobody asked them")), ("true", _("Yes, they said so")), ("false", _("No"))]
        ),
    )

    class Meta:
        model = Comment
        fields = ["text", "said_on", "service", "question", "area", "groups"]
        labels = {
            "text": _("Words"),
            "service": _("Service"),
            "question": _("Question asked"),
            "area": _("Place"),
            "groups": _("Groups"),
        }
        widgets = {"text": forms.Textarea(attrs={"rows": 6}), "groups": forms.CheckboxSelectMultiple}
        help_texts = {"text": _("As they said it. Leave out names and anything that shows who they are.")}

    field_order = ("text", "said_on", "said_by", "receipt")

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_said_by(self):
        return find_person(self.cleaned_data["said_by"], self.user) if self.cleaned_data["said_by"] else None

    def clean_receipt(self):
        code = self.cleaned_data["receipt"]
        holder = receipts.find(code) if code else None
        if code and (holder is None or holder.receipt is None):
            raise ValidationError(_("We know no slip with this code. Check each letter"))
        return holder.receipt if holder else None


class UploadForm(Form):
    file = forms.FileField(label=_("File of comments"), help_text=_("CSV up to 200 MB, or XLSX up to 5 MB."))
    frame = forms.ModelChoiceField(
        Frame.objects.all(),
        label=_("Code frame of its themes"),
        required=False,
        empty_label=_("Do not take in themes"),
    )
    adds_themes = forms.BooleanField(label=_("Add themes that the frame does not have"), required=False)
    unclear_days = forms.ChoiceField(
        label=_("Dates that can be read both ways, such as 03/04/2022"),
        help_text=_("Asked only of a file that writes some days first and some months first."),
        choices=CommentUpload.Unclear.choices,
        initial=CommentUpload.Unclear.DAY_FIRST,
        widget=forms.RadioSelect,
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        check_file(file)
        return file


READ, UNREAD = "read", "unread"


class CommentFilter(FilterForm):
    """Which comments of a collection a list shows."""

    state = forms.ChoiceField(
        label=_("Reading"),
        required=False,
        choices=[("", _("All")), (UNREAD, _("Not read yet")), (READ, _("Read"))],
    )
    service = forms.ChoiceField(label=_("Service"), required=False)
    question = forms.ChoiceField(label=_("Question"), required=False)
    sentiment = forms.TypedChoiceField(
        label=_("Sentiment"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[
            ("", _("All")),
            (1, _("1, very good")),
            (2, _("2, good")),
            (3, _("3, neither")),
            (4, _("4, bad")),
            (5, _("5, very bad")),
        ],
    )
    theme = forms.ModelChoiceField(Theme.objects.none(), label=_("Theme"), required=False, empty_label=_("All"))
    area = forms.ModelChoiceField(Area.objects.none(), label=_("Place"), required=False, empty_label=_("All"))

    def offer(self, *, collection):
        for name in ("service", "question"):
            self.fields[name].choices = [("", _("All")), *((value, value) for value in distinct(collection, name))]
        self.fields["theme"].queryset = Theme.objects.in_use().select_related("frame")
        self.fields["area"].queryset = Area.objects.order_by("name")

    def narrow(self, comments):
        """The comments that the answers leave."""
        chosen = self.cleaned_data
        for name in ("service", "question", "sentiment", "area"):
            if chosen.get(name):
                comments = comments.filter(**{name: chosen[name]})
        if chosen.get("theme"):
            codes = Coding.objects.counted().filter(theme=chosen["theme"])
            comments = comments.filter(pk__in=codes.values("comment"))
        match chosen.get("state"):
            case "unread":
                return comments.filter(read_at=None)
            case "read":
                return comments.filter(read_at__isnull=False)
        return comments


class MaskForm(Form):
    also = forms.CharField(
        label=_("Names that were not found"),
        help_text=_("One on each line, as they stand in the comment."),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class ReleaseForm(Form):
    reason = forms.CharField(label=_("Why nothing in it is personal"), max_length=300)


class QuoteForm(ModelForm):
    consent_on = DatePartsField(label=_("Consent given on"), initial=timezone.localdate)
    consent_until = DatePartsField(
        label=_("Consent ends on"), required=False, help_text=_("Leave it empty if no end was agreed.")
    )

    class Meta:
        model = Quote
        fields = ["words", "said_by_whom", "consent", "consent_on", "consent_until"]
        labels = {
            "words": _("Words, as they stand in the comment"),
            "said_by_whom": _("How they are described"),
            "consent": _("How they agreed"),
        }
        widgets = {"words": forms.Textarea(attrs={"rows": 4}), "consent": forms.RadioSelect}
        help_texts = {"said_by_whom": _("For example “A carer, Stevenage”. No names.")}


class CampaignForm(Form):
    name = forms.CharField(label=_("What it asks for"), max_length=200, required=False)
