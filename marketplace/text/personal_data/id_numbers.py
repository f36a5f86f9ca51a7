"""Pure: which numbers name one person: by their check digits, or, where they have none that is always kept, by their shape.

Each takes the number as written, with whatever separators its pattern allowed.
"""

from __future__ import annotations

from datetime import date

DNI_LETTERS = "TRWAGMYFPDXBNJZSQVHLCKE"
NIE_DIGITS = {"X": "0", "Y": "1", "Z": "2"}
# The first two digits of a person's CUIL or CUIT; 30, 33 and 34 are companies'.
PERSONAL_CUIL = ("20", "23", "24", "25", "26", "27")
CUIL_WEIGHTS = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)
# Characters of an account by country (SWIFT's IBAN registry).
IBAN_LENGTHS = {
    length: countries.split()
    for length, countries in {
        15: "NO",
        16: "BE",
        18: "DK FI FO GL NL",
        19: "MK SI",
        20: "AT BA EE KZ LT LU XK",
        21: "CH HR LI LV",
        22: "BG BH CR DE GB GE IE ME RS",
        23: "AE GI IL TL",
        24: "AD CZ ES MD PK RO SA SE SK TN VG",
        25: "PT ST",
        26: "IS TR",
        27: "FR GR IT MC MR SM",
        28: "AL AZ CY DO GT HU LB PL",
        29: "BR PS QA UA",
        30: "JO KW MU",
        31: "MT SC",
    }.items()
}


def is_dni(written: str) -> bool:
    """Spanish DNI or NIE: the last letter is the number modulo 23."""
    number = _bare(written)
    digits = NIE_DIGITS.get(number[0], number[0]) + number[1:-1]
    return number[-1] == DNI_LETTERS[int(digits) % 23]


def is_curp(written: str) -> bool:
    """Mexican CURP: a person's initials, a day of birth, sex, state."""
    return _holds_day(written)


def is_rfc(written: str) -> bool:
    """Mexican RFC of a person: four letters and a day of birth (a company's has three letters)."""
    return _holds_day(written)


def is_cuil(written: str) -> bool:
    """Argentine CUIL or CUIT of a person: the last digit checks the others, modulo 11."""
    digits = [int(digit) for digit in _bare(written)]
    if _bare(written)[:2] not in PERSONAL_CUIL:
        return False
    check = -sum(digit * weight for digit, weight in zip(digits[:10], CUIL_WEIGHTS, strict=True)) % 11
    return check == digits[10]


def is_cpf(written: str) -> bool:
    """Brazilian CPF: two check digits modulo 11; one digit eleven times is none."""
    digits = [int(digit) for digit in _bare(written)]
    if len(set(digits)) == 1:
        return False
    for place in (9, 10):
        total = sum(
            digit * weight for digit, weight in zip(digits[:place], range(place + 1, 1, -1), strict=True)
        )
        if total * 10 % 11 % 10 != digits[place]:
            return False
    return True


def is_iban(written: str) -> bool:
    """An account of its country's length whose check digits hold: the rest of the division by 97 is 1 (ISO 13616)."""
    number = _bare(written)
    if number[:2] not in IBAN_LENGTHS.get(len(number), ()):
        return False
    return int("".join(str(int(char, 36)) for char in number[4:] + number[:4])) % 97 == 1


def is_card(written: str) -> bool:
    """A payment card: 13 to 19 digits that keep Luhn's rule (ISO/IEC 7812-1)."""
    digits = [int(digit) for digit in _bare(written)]
    if not 13 <= len(digits) <= 19 or len(set(digits)) == 1:
        return False
    doubled = (sum(divmod(digit * 2, 10)) for digit in digits[-2::-2])
    return (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0


def _bare(written: str) -> str:
    return "".join(char for char in written if char.isalnum()).upper()


def _holds_day(written: str) -> bool:
    """Whether the first six digits are a day as year, month, day; the century may be any."""
    digits = "".join(char for char in written if char.isdigit())
    try:
        date(2000 + int(digits[:2]), int(digits[2:4]), int(digits[4:6]))
    except ValueError:
        return False
    return True
