"""Who and where. `places`: organisations and areas. `accounts`: who signs in. `register`: persons and their consents.
`needs`: the three stores that are kept apart. `messages`: what is written to people. `stakeholders`: other contacts.
`requests`: what strangers ask for on public pages."""

from people.models.accounts import Role, User
from people.models.messages import Message
from people.models.needs import (
    AccessNeed,
    Concern,
    EqualityAnswer,
    EqualityOption,
    EqualityQuestion,
    NeedKind,
    PanelProfile,
    YoungPerson,
)
from people.models.places import (
    Alias,
    Area,
    AreaAlias,
    Known,
    Level,
    LevelBand,
    NamedQuerySet,
    Organisation,
    OrganisationAlias,
    OrganisationKind,
    PopulationBenchmark,
    PopulationGroup,
    Venue,
)
from people.models.register import (
    Capacity,
    Channel,
    Consent,
    ConsentPurpose,
    ConsentWording,
    ErasureRequest,
    How,
    Person,
    PersonCapacity,
    TwoPeople,
)
from people.models.requests import Format, FormatRequest, NewsletterRequest
from people.models.stakeholders import Stakeholder, StakeholderContact

__all__ = [
    "AccessNeed",
    "Alias",
    "Area",
    "AreaAlias",
    "Capacity",
    "Channel",
    "Concern",
    "Consent",
    "ConsentPurpose",
    "ConsentWording",
    "EqualityAnswer",
    "EqualityOption",
    "EqualityQuestion",
    "ErasureRequest",
    "Format",
    "FormatRequest",
    "How",
    "Known",
    "Level",
    "LevelBand",
    "Message",
    "NamedQuerySet",
    "NeedKind",
    "NewsletterRequest",
    "Organisation",
    "OrganisationAlias",
    "OrganisationKind",
    "PanelProfile",
    "Person",
    "PersonCapacity",
    "PopulationBenchmark",
    "PopulationGroup",
    "Role",
    "Stakeholder",
    "StakeholderContact",
    "TwoPeople",
    "User",
    "Venue",
    "YoungPerson",
]
