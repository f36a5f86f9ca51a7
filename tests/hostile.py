"""Text that tries to break out of a table cell, of Markdown, of HTML or of Hugo, and guide files to put it into."""

from __future__ import annotations

import unicodedata
from pathlib import Path

TEXTS = (
    "a | b || c |",
    "\\| \\\\| \\",
    '{{< image alt="x" >}} {{% y %}} {{</* z */>}} {{ .Title }} {% if %}',
    "<b>bold</b> <script>alert(1)</script> </td></tr></table> <!--more--> <br>",
    "&amp; &#124; &nbsp; & &copy &copy; AT&T",
    "`code` ``a|b`` *em* _em_ **strong** __strong__ ~~gone~~ ==marked== ~sub~ ^sup^ ++new++",
    "[link](https://example.com) ![image](x.png) [ref]: https://example.com [^1] [^1]: note [[wiki]]",
    "\"quoted\" 'single' it's -- --- ... .. << >> « » (c) (tm) +- !!!! ???? ,,,,",
    "www.example.com WWW.EXAMPLE.COM/x example.com https://example.com/?a=1&b=2 ftp://example.com //example.com",
    "someone@example.com mailto:someone@example.com xmpp:someone@example.com @someone tel:+123",
    ":smile: :+1: $$x^2$$ $x$ \\(x\\) \\[x\\] {.class} {#id} {key=value}",
    "# heading",
    "## heading ##",
    "- item",
    "+ item",
    "* item",
    "1. item",
    "1) item",
    "[ ] task",
    "[x] task",
    "> quote",
    "--- | --- | --- | ---",
    ":-:",
    ": definition",
    "===",
    "```",
    "~~~",
    "line\nbreak\r\nand\rmore\x0bbreaks\x0cand\u2028separators\u2029too\x85",
    "\ttabs\tand\x00control\x1b[31m\x7fcharacters\x9f",
    "  blanks   around and  inside  ",
    "lone \ud800 surrogate \udfff and \ufdd0 non\uffff characters \U0010ffff",
    "👩‍👩‍👧‍👦 🇪🇸 👍🏽 é e\u0301 ﬁ ½ €",
    "שלום עולם مرحبا بالعالم \u202eoverride\u202c می\u200cخواهم",
    "日本語 中文 \u3000wide\u00a0blanks ​zero",
    "x" * 900,
    "|" * 900,
    "HAHAHUGOSHORTCODE-1-HBHB HAHAHUGO HUGOMORE42 __hdeferred/abc__d= __h_pp_l1_1_ {{__hugo_ctx pid=1}}",
    "1.200,50 € 15 % 30-60 N/A 24/7 S.L. Müller-Gómez, 10:00",
    "",
    " ",
)

GUIDE = b"""---
author: Someone
date: '2024-06-07'
description: What it is about.
draft: false
title: A guide
translationKey: spain-guide
---

## Description
### What is it?
Text.

## Procedure
1. First
2. Second

## Documents
- Passport

## Who can do it

_(We are looking for providers. Write to us)_

| Provider | Website | Time | Cost |
| :------: | ------- | ---: | ---- |

## Details
More text."""


def guide(body: str, front: str = "title: A guide") -> bytes:
    """A file with this front matter and body."""
    return f"---\n{front}\n---\n{body}".encode()


def shown(text: str) -> str:
    """What a reader is to see of a text typed into a cell: written apart from the code it checks."""
    visible = "".join("\n" if _unfit(character) else character for character in text)
    lines = [line.strip() for line in visible.split("\n")]
    return " ".join(line for line in lines if line)


def _unfit(character: str) -> bool:
    code = ord(character)
    noncharacter = 0xFDD0 <= code <= 0xFDEF or code & 0xFFFE == 0xFFFE
    return unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp") or noncharacter


def guide_files(folder: Path) -> dict[str, bytes]:
    """The guides below a folder by path."""
    found = sorted(path for path in folder.glob("*/*/*.md") if path.name != "_index.md")
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}
