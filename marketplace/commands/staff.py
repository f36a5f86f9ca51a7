"""`marketplace staff`: accounts of moderators and admins."""

from __future__ import annotations

import json

import click
from email_validator import EmailNotValidError, validate_email
from flask import url_for
from flask.cli import with_appcontext

from marketplace.accounts.services import make_staff, password_token
from marketplace.commands.output import json_option
from marketplace.core.database import writing
from marketplace.core.extensions import db


@click.group("staff", help="Accounts of moderators and admins.")
def staff() -> None:
    """The group."""


@staff.command(
    "create", help="Make EMAIL a moderator or admin. Prints a single-use link to set the password."
)
@click.argument("email")
@click.option("--role", type=click.Choice(["admin", "moderator"]), required=True)
@json_option
@with_appcontext
def create(email: str, role: str, as_json: bool) -> None:
    """Create or promote an account. The link on standard output works once, within a day."""
    try:
        address = validate_email(email.strip(), check_deliverability=False, allow_smtputf8=False).normalized
    except EmailNotValidError as error:
        raise click.BadParameter("write it like name@example.com", param_hint="EMAIL") from error
    with writing():
        user, created = make_staff(address, role)
        link = url_for(
            "security.reset_password", token=password_token(user), _external=True, _language=user.language
        )
        db.session.commit()
    if as_json:
        click.echo(json.dumps({"email": user.email, "role": role, "created": int(created), "link": link}))
        return
    done = "created" if created else "changed"
    click.echo(
        f"Account {done}: {user.email} is now {role}. This link sets the password. It works once, within a day:",
        err=True,
    )
    click.echo(link)
