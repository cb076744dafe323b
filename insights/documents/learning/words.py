"""Words that mean alike in what people write about health and care.

An ordinary reader knows that “paramedic” and “crew” are one thing; a few hundred comments do not teach it. The lists
are general English written for this product, from no other source, and are tied to no code frame. A star stands for
any ending. They stay because micro-F1 in cross-validation on the coded comments rose by about 0.02 with them.
"""

import re
from collections import defaultdict
from functools import lru_cache

CONCEPTS = {
    "staff": (
        "staff team crew* personnel employee* worker* people person guys lads lass girls lady ladies gentleman "
        "gentlemen man men woman everyone everybody"
    ),
    "clinician": (
        "doctor* dr drs gp gps nurse* consultant* surgeon* clinician* physio* therapist* psychologist* "
        "psychiatrist* counsellor* counselor* midwi* hv visitor* pharmacist* dentist* carer* medic medics "
        "practitioner* keyworker* ot ots specialist* physician*"
    ),
    "ambulancecrew": ("paramedic* ambulanceman ambulancemen driver* responder* technician* attendant* escort crew*"),
    "callhandler": (
        "operator* handler* advisor* adviser* dispatcher* receptionist* clerk* caller telephonist* control"
    ),
    "phone": (
        "phone* telephone* call calls called calling callback rang ring ringing line lines hold queue* queuing "
        "answer* contact* reach* number voicemail message* email* text texts dial*"
    ),
    "wait": (
        "wait waits waited waiting delay* long longer hours hour hrs hr queue* slow slowly late later lateness "
        "overdue forever ages"
    ),
    "prompt": (
        "prompt* quick* fast faster rapid* punctual* swift* immediate* straight speed* soon sooner instant* "
        "timely early minutes mins efficient* time timing"
    ),
    "timeunit": (
        "minute* min mins hour* hr hrs day days week* month* year* time times today tomorrow yesterday night* "
        "morning afternoon evening am pm oclock"
    ),
    "kind": (
        "kind kindness kindly kindest friendly friendlier pleasant* polite* courte* nice lovely helpful* help "
        "caring considerate* compassion* cheerful* warm* gentle* sympath* empath* respect* welcoming approachable "
        "patient understanding personable chatty jolly smil* humour attentive thoughtful obliging amazing "
        "professional* reassur* calm* comfort* supportive"
    ),
    "rude": (
        "rude* abrupt attitude* disrespect* ignorant* unhelpful arrogant dismissive* unfriendly aggressive "
        "patronis* condescend* judg* uncaring unprofessional shout* bully* grumpy miserable mean cold nasty "
        "snappy"
    ),
    "listen": (
        "listen* heard hear hearing understood understand* involve* included including choice* choose opinion* "
        "views concern* ignored ignore believe* believed seriously dismiss* talk talked talking open opened "
        "respect* feelings empathy support* supported care cared decisions trust* validated"
    ),
    "explain": (
        "explain* explanation* inform informed informing information advice advise* advised advising answered "
        "questions clear* clarity understand* told tell telling knowledge* guidance detail* instruct* discuss* "
        "describe*"
    ),
    "leaflet": (
        "leaflet* website* web online internet app booklet* poster* letter* literature handout* resource* "
        "resources link links zoom course* workbook* slides group groups session* material* signpost*"
    ),
    "update": (
        "update* updates informed contact* communicat* message* notify* notified notice letter* text* email* "
        "inform told know knowing advance heard expect* eta confusion conflicting mixed inconsistent contradict* "
        "wrong incorrect misinform*"
    ),
    "appointment": (
        "appointment* appt* appts app appoint* booking* book booked slot* session* cancel* reschedul* availab* "
        "weekend* clinic* visit* visits frequent* regular* often longer hours timetable schedule*"
    ),
    "transport": (
        "transport* ambulance* car cars taxi* vehicle* drive* drove driving parking park bus minibus lift lifts "
        "pick* picked collect* collected drop* dropped journey* travel* ride road seat* seating wheelchair* door "
        "home trip"
    ),
    "hospital": ("hospital* ward* unit* clinic* a&e casualty surgery infirmary department* centre"),
    "referral": (
        "refer* referred referral* transfer* pass passed follow* followup discharged handover continuity liaise* "
        "linked joined gp onward appropriate direct directed sent"
    ),
    "diagnosis": (
        "diagnos* triage* assess* test tests tested scan* xray symptom* examine* examin* check* checked bloods "
        "blood question* questions script scripts algorithm* monitor* urgent* priorit* emergency assessment*"
    ),
    "treatment": (
        "treat* treated treatment* therapy therap* cbt medical procedure* operation* cure* recover* better "
        "improve* improved pain relief life saved save helped heal* coping cope skills exercise* progress "
        "techniques strategies result* outcome* well wellbeing"
    ),
    "competence": (
        "competen* incompetent* training trained train knowledg* skill* experienc* expert* professional* "
        "qualified inexperience* capable efficient* know knew educated education aware awareness thorough"
    ),
    "staffing": (
        "more staffing shortage* understaff* short numbers number employ* recruit* resource* overstretched "
        "stretched available enough extra agency bank many lack busy overworked cover pressure"
    ),
    "medication": (
        "medic* meds prescription* prescri* tablet* drug* pill* dose* dosage pharmac* inject* antibiotic* "
        "painkiller* side effects antidepress* vaccin* inhaler* insulin"
    ),
    "food": (
        "food* meal* eat eating breakfast lunch dinner tea coffee drink* water menu* diet* canteen kitchen snack* "
        "takeaway* vending cook* sandwich* toast portion* biscuit* juice milk shop vegetarian vegan chicken meat "
        "fruit vegetables"
    ),
    "activity": (
        "activit* gym walk walks walking leave fresh air garden* outside outdoor* trip trips games game music art "
        "arts craft* pool tv sport* football exercise* education woodwork ot yard groups courtyard sessions swim* "
        "library community badminton cook* baking bored boring bingo quiz work workshop*"
    ),
    "environment": (
        "room* environment building* facilit* ward bed beds bedroom* toilet* shower* bath* chair* temperature "
        "cold hot heating noise noisy light lights lighting space comfortable window* furniture decor* parking "
        "access privacy curtains wifi laundry clothes"
    ),
    "clean": ("clean* tidy dirty hygien* covid mask* infect* ppe sanitis* mess filthy smell* distanc*"),
    "family": (
        "family husband wife son daughter mother mam mum dad father parent* partner child children baby carer* "
        "relative* sister brother grand* friend* visit visiting visitors"
    ),
    "positive": (
        "good great excellent brilliant fantastic perfect amazing wonderful superb outstanding exceptional first "
        "class best thank* grateful gratitude appreciat* happy pleased satisfied love loved 10/10 marvellous "
        "fabulous faultless impeccable lovely well fine ok 100% appreciated impressed recommend* praise exemplary "
        "top smooth smoothly problem"
    ),
    "negative": (
        "bad poor terrible awful disgust* disgrace* appalling worst horrible shocking unacceptable dreadful "
        "rubbish useless disappoint* dissatisf* unhappy complain* complaint* angry frustrat* upset upsetting hate "
        "stressful unsafe failed fail failure shambles joke joking"
    ),
    "nothing": (
        "nothing none no nil nope na n/a anything nowt everything can't cant couldnt couldn't think unsure don't "
        "dont not any neither nought never"
    ),
    "organise": (
        "organis* organiz* efficien* system* process* procedure* manag* admin* paperwork plan planned planning "
        "smooth* coordinat* chaos disorgan* service"
    ),
    "safe": (
        "safe safety safely unsafe danger* risk* suicid* self-harm harm* secure security scared frightened "
        "protect* police"
    ),
    "money": ("money fund* cost* pay paid wage* salary budget* expens* free cash price* invest*"),
    "legal": (
        "section* sectioned released release rights tribunal detained leave restrict* detention law rule rules "
        "freedom home discharge discharged moving"
    ),
    "equipment": (
        "equipment wheelchair* hoist* stretcher* aids aid walker crutch* device* machine* chair bed mattress "
        "stairlift belt* blanket* oxygen ramp*"
    ),
    "respond": (
        "arriv* came come coming attend* respond* response* reacted reaction dispatch* responsive replied reply "
        "dealt sort* sorted turned quick* there act* acted help helped"
    ),
    "location": ("local nearer closer nearest distance far location area near place town village miles travel"),
    "online": ("zoom video virtual telephone face online teams remote in-person person f2f facetoface"),
    "improve": (
        "improve* improvement* better should could need* needs more less please would wish want wanted if instead"
    ),
    "staffchange": ("different same consisten* changed changing change continuity regular keep* kept left"),
}

WORD = re.compile(r"[a-z0-9&/'%]+")


def listed() -> tuple[dict[str, set[str]], dict[str, set[str]]]:
    """Whole words, and beginnings of words, each with its concepts."""
    whole, beginnings = defaultdict(set), defaultdict(set)
    for concept, words in CONCEPTS.items():
        for word in words.split():
            (beginnings[word[:-1]] if word.endswith("*") else whole[word]).add(concept)
    return dict(whole), dict(beginnings)


WHOLE, BEGINNINGS = listed()
LONGEST = max(map(len, BEGINNINGS))


@lru_cache(maxsize=20_000)
def concepts_of(word: str) -> tuple[str, ...]:
    found = set(WHOLE.get(word, ()))
    for end in range(2, min(len(word), LONGEST) + 1):
        found |= BEGINNINGS.get(word[:end], set())
    return tuple(sorted(found))


def concepts(text: str) -> list[str]:
    """The concepts a text touches, one for each word that touches one."""
    words = WORD.findall(text.lower().replace("’", "'"))
    return [concept for word in words for concept in concepts_of(word)]
