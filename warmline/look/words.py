"""What the JavaScript in the browser says. It has no words of its own."""

from django.utils.translation import gettext_lazy as _

WORDS = {
    "again": _("Try again"),
    "close": _("Close"),
    "reload": _("Reload"),
    "stale": _("This page is out of date: someone else has already changed it."),
    "forbidden": _("You may not do this. If you should, ask your manager."),
    "gone": _("That is no longer here."),
    "wrong": _("That could not be accepted. Please check what you entered."),
    "too_large": _("That file is too large."),
    "too_often": _("Too many tries. Please wait a minute."),
    "trouble": _("Something broke on our side. Nothing you typed is lost; please try again."),
    "no_room": _(
        "The disk of the server is full: nothing was saved. What you typed stays here; try again later."
    ),
    "offline": _("No network. Nothing you typed is lost; please try again."),
    "slow": _("That took too long. Nothing you typed is lost; please try again."),
    "login_title": _("Please sign in again"),
    "login_why": _("You were away for a while. What you typed is kept on this page."),
    "login_open": _("Sign in in a new window"),
    "login_done": _("I am signed in: send it"),
    "restored": _("What you had typed is back."),
    "queued": _("No network: saved on this phone. It is sent as soon as you are online."),
    "queue_count": _("{n} waiting to be sent"),
    "queue_failed": _("{n} could not be sent"),
    "queue_sent": _("{n} sent"),
    "queue_open": _("Open"),
    "queue_drop": _("Delete"),
    "look_now": _("A red flag is in what was just sent: see whom to call."),
    "away": _("No network. This page is from {time}."),
    "palette": _("Go to a screen"),
    "palette_none": _("Nothing is called so. Try other letters."),
    "copied": _("Copied"),
    "theme_light": _("Light"),
    "theme_dark": _("Dark"),
    "theme_auto": _("As the phone"),
    "scan_start": _("Point the camera at a barcode or QR code"),
    "scan_denied": _("The camera may not be used. Allow it in the browser, or type the number."),
    "scan_none": _("No camera here. Type the number, or use a scanner."),
    "scan_insecure": _("The camera needs a secure address (https). Type the number instead."),
}
