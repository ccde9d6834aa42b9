"""The ways English puts the same thing, as parts of patterns."""

import re
from typing import Final

from notte_dashboard.local_api.brains.rules.words import ORDINALS


def either(*ways: str) -> str:
    return f"(?:{'|'.join(ways)})"


NTH: Final = "|".join(ORDINALS)
THE_PAGE: Final = either("it", "they", "the page", "this page", "the site", "the list", "the table")
ABOUT_PAGE: Final = (
    r"(?: (?:of|on|in|from|at) (?:the |this |that |each )?(?:current |whole |entire |new |resulting |web ?)?"
    r"(?:page|site|website|tab|document|screen|result page|form))?"
)
THINGS: Final = r"(?:results?|products?|items?|links?|buttons?|articles?|entr(?:y|ies)|rows?|hits?|cards?|posts?|stor(?:y|ies))"
LISTED: Final = (
    r"(?:links|buttons|fields|products|results|items|articles|entries|rows|options|categories|countries|capitals|names|images|tables"
    r"|lists|prices|posts|stories)(?: .*)?"
)
SUPERLATIVE: Final = {
    "cheapest": ("price", False),
    "least expensive": ("price", False),
    "most expensive": ("price", True),
    "dearest": ("price", True),
    "most populous": ("population", True),
    "least populous": ("population", False),
}
SUPERLATIVES: Final = "|".join(SUPERLATIVE)
MOST: Final = r"(?:highest|largest|biggest|greatest|most|longest|maximum|max)"
LEAST: Final = r"(?:lowest|smallest|least|fewest|shortest|minimum|min)"
LEADS: Final = either(
    "tell me|let me know|give me|show me|show|say|report back|report|return|read out|read me|read|find out|find|get me|get",
    "extract|write down|note down|note|print|copy|state(?= the)|name(?= the)|list out|list|answer|look at|check|confirm",
    r"describe(?! (?:the|this) page| it)|what(?:'s| is| are| was| were)?|which (?:is|are)|who is|where is|and|also|me|all",
    "exactly|currently",
)
LEAD: Final = re.compile(rf"^{LEADS}\b\s*:?\s*", re.IGNORECASE)
NOUN_TAILS: Final = either(
    ",? (?:are )?(?:there|here)",
    ",? (?:are|is|were|was) (?:there|here|listed|shown|found|displayed|available|visible|in stock|on sale)",
    f"(?: do| does) {THE_PAGE} (?:have|list|show|contain|find|sell)?",
    ",? (?:that |which )?(?:are )?(?:on|in|of) (?:the|this|that) (?:current |whole |search )?"
    "(?:page|site|list|table|shop|results?)",
    ",? you (?:see|find)| listed| shown| displayed",
)
NOUN_ENDS: Final = re.compile(rf"{NOUN_TAILS}+$")
SAYS: Final = either("say|says|show|shows|tell|tells|tell you|answer|answers|read|reads|state|states|look like|looks like")
WHO_SAYS: Final = either("it|the page|this page|the site|the result|the form|the next page|the new page|the \\w+ page")
MESSAGE: Final = either(
    rf"(?:does |do |did )?{WHO_SAYS}(?: now| then)? {SAYS}(?: now| then| next| me)?",
    r"(?:does |did )?happen(?:s|ed)?(?: next| then| now)?",
    r"(?:the |any )?(?:resulting |result |response |confirmation |success |status |error |final )+(?:messages?|text|page)?"
    r"(?: says?| is| are)?(?: there| shown| displayed)?",
    r"(?:the )?(?:messages?|alerts?|response|results?)(?: says?| is| you get| you see)?",
    r"(?:the |this )?page (?:is|it is) about|(?:the )?result is|(?:on|in) (?:the |this )?page",
    rf"(?:summari[sz]e|describe)(?: (?:it|the page|this page|the content))?|(?:a |the )?summary{ABOUT_PAGE}",
)
CONTAINS: Final = (
    r"(?:whether |if )?(?:is there|are there|there is|there are|does (?:it|the page|this page) (?:contain|mention|say|have|show)"
    r"|(?:it|the page|this page) (?:contains|mentions|says|has|shows))"
)
CART: Final = r"(?:cart|basket|bag|shopping (?:cart|basket|bag)|trolley)"
SITE: Final = r"(?:site|shop|store|page|website|catalog(?:ue)?)"
SEARCH_BOX: Final = r"search(?: (?:box|field|bar|form))?"
NEW_TAB: Final = r"(?P<tab> in (?:a|another) new tab)?"
LOADED: Final = (
    r"(?: (?:for|until|till) (?:the |a )?(?:page|it)"
    r"(?: (?:to )?(?:be |is |has |finish(?:es)? )?(?:load(?:s|ed|ing)?|ready|finished))?)?"
)
