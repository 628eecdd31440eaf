"""Why a row cannot be taken, in sentences that say what to do. English here; each reader's language
when they are shown."""

from django.utils.translation import gettext_noop as _

NEEDED_HERE = _("Nothing is written here, and it is needed.")
UNKNOWN_STORE = _("No store has this code or name. Import the stores first, or correct it.")
NO_STORE = _("No store is named. Map a column, or choose the store these rows belong to.")
IN_THE_FUTURE = _("This is dated more than a day ahead. Is the year right?")
TOO_LONG_AGO = _("This is dated before the year 2000. Is the year right?")
TOO_BIG = _("This number is too big to be meant.")
TWO_STORES = _(
    "This receipt number is used in two stores. Say that each store has its own numbers."
)
TWO_DAYS = _("This receipt number is used on two days. Say that numbers start anew every day.")
TWO_BUYERS = _("Two members are named on this one receipt.")
TOO_MANY_LINES = _("More than 9,999 lines have this receipt number. Is it the right column?")
CHANGED = _("A receipt with this number is here already and says something else.")
COMPANION = _("It belongs to a receipt with a bad row, {row}: mend that, and upload both.")
LINE_TWICE = _("This line number comes twice on this receipt, and says two things.")

TOO_LONG = _("This is too long; {most} characters fit.")
NO_SUCH_PLACE = _("There is no such place on earth: at most {most} degrees.")
ROLE = _("Head office and auditors are not made by a file. Add them by hand.")
GTIN_TAKEN = _("Another product, {code}, has this bar code.")
CODE_TAKEN = _("Row {row} gives this number to another product.")
DUMMY_PHONE = _("This is not a real phone number, and there is no member number either.")
NO_MEMBER_KEY = _("Neither a phone nor a member number: nobody could find this member again.")
DUMMY_CARD = _("A card that was opened ahead: nobody is behind it.")
CARD_GONE = _("The card is closed: {status}.")
UNKNOWN_GUIDE = _("No guide of this store has this name or code; the family has none for now.")
SAME_PERSON = _("The same name and phone as card {number}: one family, both cards.")
SHARED_PHONE = _("Another family has this phone too. If they are one, merge them.")
NO_PHONE = _("No phone: nobody can call this family.")
NOT_KEPT = _("The baby is counted and nothing of it kept: nobody said that its guardian agrees.")
SAID_NO = _("The family has taken its consent back; a file does not change that.")
UNKNOWN_MEMBER = _("No member has this number or phone. Import the members first, or correct it.")
WHOSE_PHONE = _("Two families have this phone. Add the member number or the member's name.")


def sentences() -> dict[str, str]:
    """For the statements that judge whole receipts."""
    return {
        "two_stores": TWO_STORES,
        "two_days": TWO_DAYS,
        "two_buyers": TWO_BUYERS,
        "too_many_lines": TOO_MANY_LINES,
        "changed": CHANGED,
        "companion": COMPANION,
        "line_twice": LINE_TWICE,
    }
