"""Pure: finds names of people after a courtesy title or the word for an office, in English and Spanish."""

from __future__ import annotations

import re
from collections.abc import Iterator

_TITLES = (
    r"Mrs?\.?|Ms\.?|Miss|Dra?\.?|Prof\.?|MRS?\.?|DRA?\.?|Sir|Madam|[Ss]r(?:a|ta)?\.?|SR(?:A|TA)?\.?|[Ll]icd?a?\.|Licda?\.?|Lic\.?|LIC\.?|"
    r"[Ii]ng\.|Ing\.?|[Aa]rq\.|[Dd]on|[Dd]oña|Dña\.?|Dª|[Ss]eñor(?:a|ita)?|[Ll]icenciad[oa]|[Ii]ngenier[oa]|[Dd]octora?"
)
_ROLES = (
    r"lawyer|attorney|solicitor|officer|agent|notary|inspector|clerk|paralegal|abogad[oa]|agente|funcionari[oa]|"
    r"gestor|notari[oa]|inspectora?|asesora?|tramitadora?"
)
_PARTICLE = r"(?:de(?:\s+l[ao]s?)?|del|van(?:\s+der)?|von|da|do|dos|di|y|e)"
_WORD = r"[A-ZÀ-ÖØ-Þ](?:[a-zß-öø-ÿ]+(?:[-'’][A-ZÀ-ÖØ-Þ]?[a-zß-öø-ÿ]+)*|['’][A-ZÀ-ÖØ-Þ][a-zß-öø-ÿ]+)"
_CAPITALS = r"[A-ZÀ-ÖØ-Þ]{2,}(?:[-'’][A-ZÀ-ÖØ-Þ]+)*"
_INITIAL = r"[A-ZÀ-ÖØ-Þ]\."
# Words with a capital that are no names: beginnings of sentences, days, months, offices.
NO_NAMES = frozenset(
    (
        "mr mrs ms miss dr dra prof sr sra srta señor señora señorita lic licda licenciado licenciada "
        "i i'm i’m i've i’ve i'd i’d the they he she we it in on at and but then when if this that there "
        "my our no yes not of for el la los las un una y o pero si no me nos se es en con por para que "
        "cuando como su mi al del yo fue era muy todo gracias monday tuesday wednesday thursday friday "
        "saturday sunday lunes martes miércoles jueves viernes sábado domingo january february march "
        "april may june july august september october november december enero febrero marzo abril mayo "
        "junio julio agosto septiembre octubre noviembre diciembre public público pública office oficina "
        "general visa visas immigration inmigración extranjería migración migraciones administrativo "
        "administrativa inmobiliario inmobiliaria fiscal aduanal aduanero consular judicial jurado "
        "titular civil nie dni tie rfc curp ine imss sat ssn itin irs uscis cpf cuit cuil nif iva "
        "empadronamiento presidente president director directora juez judge alcalde cónsul consul "
        "ministro embajador"
    ).split()
)

TITLED = re.compile(
    rf"(?<!\w)(?:{_TITLES})\s+(?P<name>(?:{_INITIAL}\s*)*(?:{_WORD}|{_CAPITALS})"
    rf"(?:\s+(?:{_PARTICLE}\s+)?(?:{_INITIAL}(?=\s+[A-ZÀ-ÖØ-Þ])|{_WORD}|{_CAPITALS})){{0,4}})(?!\w)"
)
IN_OFFICE = re.compile(
    rf"(?<!\w)(?:(?i:{_ROLES}))(?:\s+(?:named|called|llamad[oa]))?,?\s+(?P<name>(?:{_INITIAL}\s*)*{_WORD}"
    rf"(?:\s+(?:{_PARTICLE}\s+)?(?:{_INITIAL}(?=\s+[A-ZÀ-ÖØ-Þ])|{_WORD})){{0,3}})(?!\w)"
)
WORDS = re.compile(r"[^\s.]+\.?")


def find_names(text: str) -> Iterator[tuple[int, int]]:
    """Where names stand: start and end of each, without its title. A word that is no name ends the name before it."""
    for pattern in (TITLED, IN_OFFICE):
        for match in pattern.finditer(text):
            if (end := _end(match["name"])) > 0:
                start = match.start("name")
                yield start, start + end


def _end(name: str) -> int:
    """How many characters of what was matched are a name, 0 for none. Particles in the end belong to what follows."""
    end = 0
    for word in WORDS.finditer(name):
        bare = word[0].rstrip(".").casefold()
        if word[0][0].isupper() and bare in NO_NAMES:
            break
        if word[0][0].isupper():
            end = word.end()
    return end
