"""The words by which answers are judged (insights.documents.wording): lists, to be added to as people meet new ones."""

BOILERPLATE = (
    "your views have helped inform",
    "your views have helped to shape",
    "your feedback has informed our thinking",
    "your feedback will be used to inform",
    "your comments will be taken into account",
    "we will take on board",
    "take this on board",
    "we have taken on board your comments",
    "we value your feedback",
    "your feedback is important to us",
    "your views matter to us",
    "thank you for your feedback",
    "thank you for taking the time",
    "we are grateful for your input",
    "we welcome all feedback",
    "we have listened to what you said",
    "we hear you",
    "we are committed to improving",
    "we are committed to listening",
    "we are committed to delivering high quality care",
    "we will continue to improve our services",
    "we will continue to work with partners",
    "we will continue to monitor",
    "we continually strive to improve",
    "we will keep this under review",
    "this will be considered as part of our plans",
    "this will be considered going forward",
    "we will bear this in mind",
    "we will look into this",
    "we are looking at ways to improve",
    "we are exploring options",
    "this has been noted",
    "your comments have been noted",
    "this has been fed back to the team",
    "we have shared your comments with the service",
    "we have passed this on to the relevant team",
    "lessons have been learned",
    "lessons will be learnt",
    "we take all feedback very seriously",
    "we apologise for any inconvenience",
    "patients are at the heart of everything we do",
    "we put patients first",
    "work is ongoing",
    "watch this space",
    "in due course",
    "where possible",
    "as soon as practicable",
)

_REGULAR = """
    abolish accept add adjust adopt agree allow alter amend announce appoint approve arrange ask award ban book
    cancel change clean clear close commission convert correct cover create cut decorate deliver design display divert
    double employ end enlarge equip extend fence fill fit fix fund furnish halve heat hire hand increase
    insert install introduce invest issue join label launch lay lengthen lift light limit lower mend merge move
    name offer open order paint pause pay phone pilot place plant post prepare print produce prohibit protect provide
    publish pull purchase raise recruit redecorate redesign redirect reduce refurbish relocate remind remove rename
    renew reopen repaint repair repeat replace reply rephrase reprint require reschedule restart restore return
    reverse reword rewrite save scrap sell send shade share shift shorten sign simplify spend staff start stop
    stock supply swap switch tell test train transfer translate treble triple turn update upgrade widen withdraw
"""
_IRREGULAR = """
    began begun bought bring brings brought build builds building built buy buys buying chose choose chosen
    gave give gives giving given hung laid made make makes making put puts putting paid ran rewrote
    rewritten rewriting rewrites sent set sets setting sold spent split taught took teach teaches told withdrew
    withdrawn wrote written write writes writing
"""
_DOUBLED = ("ban", "cut", "fit", "scrap", "stop", "swap", "transfer", "label", "cancel")


def _forms(verb: str) -> set[str]:
    """open, opens, opened, opening; also change, changed; supply, supplied; stop, stopped."""
    stem = verb.removesuffix("e")
    if verb.endswith("y") and verb[-2] not in "aeiou":
        return {verb, f"{verb[:-1]}ies", f"{verb[:-1]}ied", f"{verb}ing"}
    stem += verb[-1] if verb in _DOUBLED else ""
    return {verb, f"{verb}s", f"{verb}es", f"{stem}ed", f"{stem}ing"}


CHANGES = frozenset(form for verb in _REGULAR.split() for form in _forms(verb)) | frozenset(_IRREGULAR.split())

_NUMBERS = """
    two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen
    nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million dozen half twice third
    one-to-one weekly monthly yearly daily
"""
NUMBERS = frozenset(_NUMBERS.split())

_MONTHS = """
    january february march april june july august september october november december monday tuesday wednesday
    thursday friday saturday sunday weekend weekends evenings spring summer autumn winter christmas easter
"""
MONTHS = frozenset(_MONTHS.split())  # not “may”, which is a verb more often

_THINGS = """
    alarm ambulance ambulances answerphone app bench benches blinds blanket blankets booklet booklets braille bus buses
    canteen captions car-park ceiling chair chairs clinic clinics clock corridor counter crossing curtains dentist desk
    door doors doorbell downstairs drop-in entrance fan fence film films fridge gown gowns handrail handrails heater
    hearing-loop helpline hotline hydration interpreter interpreters kiosk label labels lamp leaflet leaflets letter
    letters lift lifts locker lockers logo map maps menu menus microphone minibus mirror newsletter
    noticeboard parking pathway pavement pharmacies pharmacy phone-line podcast poster posters pram questionnaire ramp
    ramps reception receptionist receptionists rota rotas screen screens seat seats seating shelter shuttle sign signs
    signage sofa sticker stickers surgeries surgery telephone text texts texted toilet toilets toolkit translation
    translations trolley tv vaccine vaccines van vending video videos voicemail walk-in waiting-room ward wards water
    therapy physiotherapy podiatry audiology maternity midwives
    wayfinding website wheelchair wheelchairs wifi wi-fi window windows
"""
THINGS = frozenset(_THINGS.split())

_NO_NAMES = """
    i we our us you your the this these those they people patients everyone staff team teams service services
    partners system board icb nhs trust gp gps feedback engagement involvement comments views plan plans strategy care
    health community patient public carers carer thank thanks
"""
NO_NAMES = frozenset(_NO_NAMES.split())  # a capital does not make them the name of something
