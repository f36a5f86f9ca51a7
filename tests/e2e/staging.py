"""How the story is played: each time on another empty topic, with other people, so that one site serves all."""

from __future__ import annotations

from dataclasses import dataclass

from tests.e2e.offering import Offer
from tests.e2e.reading import Experience

RIVAL = "casa-ocotillo"
RIVAL_LINES = """\
topic,provider,website,service,cost_basis,fee_min,currency,time_min,time_max,time_unit,languages,status
{topic},Casa Ocotillo,https://casa-ocotillo.example/,All of it.,from,{fee},{currency},4,6,weeks,es en,published
"""


@dataclass(frozen=True)
class Staging:
    """A width and the languages of those who visit; `spam` is the provider whose waiting review is rejected."""

    name: str
    width: str
    provider_language: str
    reader_language: str
    topic: str
    stems: dict[str, str]
    currency: str
    rival_fee: str
    offer: Offer
    told: Experience
    spam: str
    spammer: str
    scripts: bool = True

    @property
    def country(self) -> str:
        """The topic's country."""
        return self.topic.partition("-")[0]

    @property
    def provider_email(self) -> str:
        """Who signs up to offer something."""
        return f"irene.{self.name}@example.com"

    @property
    def reader_email(self) -> str:
        """Who signs up to write a review."""
        return f"tobias.{self.name}@example.com"

    @property
    def rival(self) -> str:
        """What the operator adds in bulk on the topic: a provider that is there."""
        return RIVAL_LINES.format(topic=self.topic, fee=self.rival_fee, currency=self.currency)


STAGINGS = (
    Staging(
        name="desk",
        width="desk",
        provider_language="es",
        reader_language="en",
        topic="mexico-buying_through_a_property_trust",
        stems={"en": "buying_through_a_property_trust", "es": "comprar_con_fideicomiso"},
        currency="MXN",
        rival_fee="9000",
        offer=Offer(
            "Sello & Firma | Mérida", "sello-firma-merida", "sello-y-firma.example", "18500", "26000"
        ),
        told=Experience(
            "They found two clauses that the bank had left out. The deed was signed in nine weeks.",
            cost="21000",
        ),
        spam="Casa Ocotillo",
        spammer="zora@example.com",
    ),
    Staging(
        name="phone",
        width="phone",
        provider_language="en",
        reader_language="es",
        topic="spain-paying_into_public_healthcare",
        stems={"en": "paying_into_public_healthcare", "es": "convenio_especial_de_sanidad"},
        currency="EUR",
        rival_fee="90",
        offer=Offer(
            "Ventanilla <b>única</b>", "ventanilla-b-unica-b", "ventanilla-unica.example", "120", "180"
        ),
        told=Experience(
            "Dos visitas y una llamada. Me avisaron de un papel que a nadie se le ocurre pedir antes.",
            cost="150",
        ),
        spam="Kontor Übersee",
        spammer="expat@example.com",
    ),
    Staging(
        name="plain",
        width="desk",
        provider_language="en",
        reader_language="en",
        topic="colombia-extending_a_tourist_stay",
        stems={"en": "extending_a_tourist_stay", "es": "prórroga_de_permanencia"},
        currency="COP",
        rival_fee="150000",
        offer=Offer("Río Papeles", "rio-papeles", "rio-papeles.example", "185000", "260000"),
        told=Experience(
            "One message with six photographs, and an answer before the weekend. I would do it again.",
            cost="190000",
        ),
        spam="Brújula Papeles",
        spammer="maribel@example.com",
        scripts=False,
    ),
)
