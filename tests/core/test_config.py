"""Settings: what is wrong stops the program with one line that names it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from marketplace import create_app
from marketplace.core.config import ConfigError, Settings, data_folder, load_settings
from marketplace.i18n.currencies import known_currency
from tests.production import PRODUCTION
from tests.server import run_command

SERVER = {"DATABASE_URL": "postgresql://papers:kennwort@db/papers"}
STRIPE = {"STRIPE_API_KEY": "sk_live_schluessel", "STRIPE_WEBHOOK_SECRET": "whsec_losung"}


def settings(tmp_path: Path, **environ: str) -> Settings:
    return load_settings({"INSTANCE_PATH": str(tmp_path / "instance"), **environ}, known_currency)


def complaint(tmp_path: Path, **environ: str) -> str:
    with pytest.raises(ConfigError) as wrong:
        settings(tmp_path, **environ)
    text = str(wrong.value)
    assert "\n" not in text
    return text


def test_nothing_need_be_set_in_development(tmp_path: Path) -> None:
    found = settings(tmp_path)
    assert not found.production
    assert (found.site_url, found.guides_origin) == ("http://127.0.0.1:8000", "https://tramitit.com")
    assert (found.site_name, found.display_currency) == ("Marketplace", "EUR")
    assert found.database_url == f"sqlite:///{tmp_path}/instance/marketplace.sqlite3"
    assert (found.cache_url, found.worker) == ("memory", "embedded")
    assert (found.mail_url, found.trusted_proxies) == ("", 0)
    assert (tmp_path / "instance").is_dir()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        (name, value)
        for name, values in {
            "MARKETPLACE_ENV": ["staging"],
            "SITE_URL": [
                *("papers.example", "ftp://x.example", "https://x.example/below", "https://x.example?"),
                *("https://u@x.example", "https://x y", "http://", "http://x:0", "http://x:99999"),
                *("http://x:port", "http://[::1"),
            ],
            "GUIDES_ORIGIN": ["tramitit.com"],
            "DISPLAY_CURRENCY": ["EURO", "XXX"],
            "DATABASE_URL": [
                *("mysql://x/y", "sqlite://", "sqlite:///:memory:", "sqlite:///"),
                *("sqlite:////nowhere/at/all.sqlite3", "postgresql://user@host:port/name"),
            ],
            "MAIL_URL": ["mail.example", "http://x", "smtp://", "smtp://x:port", "smtp://x:0"],
            "MAIL_SENDER": ["nobody", "a@b.example\nBcc: c@d.example"],
            "CACHE_URL": ["disk", "valkey://", "redis://localhost"],
            "WORKER": ["none"],
            "TRUSTED_PROXIES": ["one", "-1"],
            "SITE_NAME": ["two\nlines"],
            "OPERATOR_NAME": ["two\rlines"],
            "OPERATOR_EMAIL": ["hello"],
            "STRIPE_API_KEY": ["pk_test_x", "sk_live_", "secret", "sk_test_x y"],
            "STRIPE_WEBHOOK_SECRET": ["secret"],
            "STRIPE_API_BASE": ["127.0.0.1:9000"],
            "STRIPE_TAX": ["some"],
            "STRIPE_CHECKOUT_HOSTS": [
                *(
                    "https://pay.example.com",
                    "pay.example.com/x",
                    "pay.example.com:443",
                    "localhost",
                    "*.example.com",
                ),
                *(
                    "pay.example.com; script-src",
                    "'self'",
                    "pay..example.com",
                    "-pay.example.com",
                    f"{'a' * 250}.com",
                ),
            ],
        }.items()
        for value in values
    ],
)
def test_a_wrong_setting_is_named_in_one_line(tmp_path: Path, name: str, value: str) -> None:
    assert complaint(tmp_path, **{name: value}).startswith(name)


@pytest.mark.parametrize("place", ["file", "file/below"])
def test_the_data_folder_must_be_one(tmp_path: Path, place: str) -> None:
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(ConfigError, match=r"^INSTANCE_PATH"):
        load_settings({"INSTANCE_PATH": str(tmp_path / place)}, known_currency)


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("postgres://u:p@h/d", "postgresql+psycopg://u:p@h/d"),
        ("postgresql://u:p@h:5433/d", "postgresql+psycopg://u:p@h:5433/d"),
        ("postgresql+psycopg://h/d", "postgresql+psycopg://h/d"),
        ("sqlite:///other.sqlite3", "sqlite:///other.sqlite3"),
    ],
)
def test_databases_are_named_in_the_usual_ways(tmp_path: Path, value: str, found: str) -> None:
    assert settings(tmp_path, DATABASE_URL=value).database_url == found


@pytest.mark.parametrize(
    ("name", "value", "found"),
    [
        ("SITE_URL", " HTTP://X.example:8080/ ", "http://x.example:8080"),
        ("SITE_URL", "http://[::1]:8000", "http://[::1]:8000"),
        ("SITE_NAME", "  Papeles  ", "Papeles"),
        ("SITE_NAME", " ", "Marketplace"),
        ("DISPLAY_CURRENCY", "usd", "USD"),
        ("MAIL_URL", "smtp+starttls://u:p@h:587", "smtp+starttls://u:p@h:587"),
        ("MAIL_SENDER", "Papers <hello@papers.example>", "Papers <hello@papers.example>"),
        ("TRUSTED_PROXIES", "2", 2),
        ("CACHE_URL", "none", "none"),
        ("CACHE_URL", "valkey://h:6379/1", "valkey://h:6379/1"),
        ("WORKER", "external", "external"),
    ],
)
def test_settings_are_read_as_meant(tmp_path: Path, name: str, value: str, found: object) -> None:
    assert getattr(settings(tmp_path, **{name: value}), name.lower()) == found


def test_production_starts_with_all_it_demands(tmp_path: Path) -> None:
    assert settings(tmp_path, **PRODUCTION).production


@pytest.mark.parametrize("name", [name for name in PRODUCTION if name != "MARKETPLACE_ENV"])
def test_production_names_what_is_missing(tmp_path: Path, name: str) -> None:
    assert complaint(tmp_path, **{**PRODUCTION, name: ""}).startswith(name)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", "s" * 23),
        ("SECRET_KEY", "development-only-secret-key"),
        ("RISK_HASH_KEY", "development-only-risk-key"),
        ("SITE_URL", "http://papers.example"),
        ("STRIPE_API_BASE", "http://127.0.0.1:9000"),
        ("STRIPE_API_KEY", "sk_test_standin"),
        ("STRIPE_WEBHOOK_SECRET", "whsec_standin"),
        ("MAIL_URL", "smtp://mail.example"),
    ],
)
def test_production_refuses_what_is_for_development(tmp_path: Path, name: str, value: str) -> None:
    named = "MAIL_SENDER" if name == "MAIL_URL" else name
    stripe = {"STRIPE_API_KEY": "sk_live_1", "STRIPE_WEBHOOK_SECRET": "whsec_1"}
    assert complaint(tmp_path, **{**PRODUCTION, **stripe, name: value}).startswith(named)


def test_a_key_of_stripe_demands_the_secret_of_its_messages(tmp_path: Path) -> None:
    assert complaint(tmp_path, STRIPE_API_KEY="sk_test_1").startswith("STRIPE_WEBHOOK_SECRET")
    assert settings(tmp_path, STRIPE_API_KEY="rk_live_1", STRIPE_WEBHOOK_SECRET="whsec_1").stripe_api_key
    assert settings(tmp_path).stripe_api_key == ""


def test_secrets_do_not_show_when_settings_are_printed(tmp_path: Path) -> None:
    shown = repr(
        settings(
            tmp_path,
            **PRODUCTION,
            **SERVER,
            MAIL_URL="smtp://u:geheim@h",
            MAIL_SENDER="a@b.example",
            **STRIPE,
        )
    )
    assert "papers.example" in shown
    secrets = ("s" * 24, "r" * 24, "h" * 24, "kennwort", "geheim", *STRIPE.values())
    assert not [part for part in secrets if part in shown]


def test_an_application_is_not_made_of_wrong_settings(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"^WORKER"):
        create_app({"INSTANCE_PATH": str(tmp_path), "WORKER": "x"})


@pytest.mark.slow
def test_a_command_stops_with_the_line_and_status_2(tmp_path: Path) -> None:
    environ = {"PATH": os.environ["PATH"], "INSTANCE_PATH": str(tmp_path), "DISPLAY_CURRENCY": "gold"}
    done = run_command("guides", "coverage", env=environ)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "DISPLAY_CURRENCY must be a currency code such as EUR, not 'GOLD'.\n"


@pytest.mark.parametrize("name", ["templates", "static", "migrations", "translations"])
def test_the_folders_of_the_program_are_found(name: str) -> None:
    assert data_folder(name).is_dir()


def test_a_folder_that_was_not_installed_is_named() -> None:
    with pytest.raises(ConfigError, match="nothing/ is missing"):
        data_folder("nothing")
