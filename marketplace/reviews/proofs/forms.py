"""The form that sends proofs, and what is said of each file that is not taken."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import MultipleFileField

from marketplace.core.errors import Invalid, Refusal
from marketplace.reviews.proofs.services import KEPT_DAYS, PROOFS_PER_DAY, PROOFS_PER_REVIEW
from marketplace.reviews.proofs.types import LARGEST_FILE, LARGEST_PICTURE, ProofFile, read_proof
from marketplace.web.forms import PageForm

LARGEST_MEGABYTES = LARGEST_FILE // 1024 // 1024
# Three files of the largest size, and what the form adds around them.
REQUEST_LIMIT = PROOFS_PER_REVIEW * LARGEST_FILE + 64 * 1024
NAME_SHOWN = 60
# What the browser's dialogue offers first; what a file is, its content says.
ACCEPTED = ".pdf,.jpg,.jpeg,.png,.webp"


class ProofForm(PageForm):
    """One to three files."""

    files = MultipleFileField(_l("Files"))

    def read(self) -> tuple[list[ProofFile], list[str]]:
        """The files that can be kept, and a sentence for each that cannot."""
        sent = [file for file in self.files.data or [] if file and (file.filename or file.content_length)]
        good: list[ProofFile] = []
        bad: list[str] = []
        if not sent:
            bad.append(_("Choose at least one file"))
        elif len(sent) > PROOFS_PER_REVIEW:
            return [], [proof_words(Invalid("proofs_full", room=PROOFS_PER_REVIEW))]
        for file in sent:
            try:
                good.append(read_proof(file.stream.read(LARGEST_FILE + 1)))
            except Invalid as problem:
                bad.append(f"{shown_name(file.filename)}: {proof_words(problem)}")
        return good, bad


def shown_name(name: str | None) -> str:
    """A file's name as it is shown back: one line, not longer than fits in a message."""
    line = " ".join("".join(c if c.isprintable() else " " for c in name or "").split())
    return (line if len(line) <= NAME_SHOWN else line[: NAME_SHOWN - 1] + "…") or _("A file without a name")


def proof_words(problem: Refusal) -> str:
    """Why a proof is not taken, as a sentence."""
    room = problem.details.get("room", 0)
    words = {
        "file_empty": _("This file is empty."),
        "file_large": _(
            "This file is larger than %(size)s MB. Upload a smaller picture of it.", size=LARGEST_MEGABYTES
        ),
        "file_type": _("This is not a PDF or a type of picture we accept. Upload a PDF, JPEG, PNG or WebP."),
        "picture_large": _(
            "This picture has more than %(size)s million pixels. Make it smaller and upload it again.",
            size=LARGEST_PICTURE // 1_000_000,
        ),
        "picture_broken": _("This picture is damaged or incomplete. Take it or save it again."),
        "pdf_broken": _("This PDF is damaged or incomplete. Save it again, or upload a picture of it."),
        "pdf_locked": _("This PDF is protected. Upload one without protection, or a picture of it."),
        "pdf_active": _(
            "This PDF contains more than pages, such as a script or another file. Print it to a "
            "new PDF, or upload a picture."
        ),
        "proofs_full": _(
            "You can upload up to %(most)s files for a review. You can add %(room)s more.",
            most=PROOFS_PER_REVIEW,
            room=room,
        ),
        "proofs_today": _(
            "You can upload up to %(most)s files a day. Come back tomorrow. Your review stays as it is.",
            most=PROOFS_PER_DAY,
        ),
        "proof_closed": _(
            "You cannot upload proof for this review. Either it is already documented, or it is "
            "neither waiting nor published."
        ),
        "request_large": _(
            "You uploaded too much at once, so nothing was saved. Upload up to %(most)s files of "
            "up to %(size)s MB each.",
            most=PROOFS_PER_REVIEW,
            size=LARGEST_MEGABYTES,
        ),
    }
    return str(words[problem.code])


def promises() -> dict[str, int]:
    """The numbers of what authors are promised, for the page."""
    return {"days": KEPT_DAYS, "most": PROOFS_PER_REVIEW, "size": LARGEST_MEGABYTES}
