"""Groups of like comments: people say what a campaign's letter asks for."""

from django.db import transaction

from core import audit
from insights.models import Campaign
from people.models import User


@transaction.atomic
def name_campaign(campaign: Campaign, *, by: User, name: str) -> Campaign:
    """Say in a few words what the letter asks for. The same again changes nothing."""
    campaign = Campaign.objects.select_for_update().get(pk=campaign.pk)
    name = " ".join(name.split())
    if campaign.name != name:
        campaign.name = name
        campaign.full_clean()
        campaign.save(update_fields=["name"])
        audit.record(by, "named like comments", campaign)
    return campaign
