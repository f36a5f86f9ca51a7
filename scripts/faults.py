"""The places where a small fault may be put into a module: found by its syntax tree, and put in by changing its text."""

from __future__ import annotations

import ast
import copy
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

_PAIRS: tuple[tuple[type[Any], type[Any]], ...] = (
    *((ast.Lt, ast.LtE), (ast.Gt, ast.GtE), (ast.Eq, ast.NotEq), (ast.In, ast.NotIn), (ast.Is, ast.IsNot)),
    *((ast.And, ast.Or), (ast.Add, ast.Sub)),
)
SWAPPED = {kind: other for one, two in _PAIRS for kind, other in ((one, two), (two, one))}


@dataclass(frozen=True)
class Spot:
    """A statement of today's tree. `says_bool`: what it returns is annotated as a bool."""

    path: str
    function: str
    node: ast.stmt
    says_bool: bool
    text: str
    shape: str


def spots_of(path: str, source: str) -> list[Spot]:
    """The statements of a file that may carry a fault: not imports, docstrings, asserts, logging, type-checking blocks."""
    tree = ast.parse(source)
    outside: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.alias):
            outside.add(node.asname or node.name.partition(".")[0])
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            outside.add(node.name)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            outside |= {name.id for name in ast.walk(node) if isinstance(name, ast.Name)}
    return [
        Spot(path, function, node, says, _text(node), _text(_Shape(outside).visit(copy.deepcopy(node))))
        for function, node, says in _statements(tree.body, "", says_bool=False)
    ]


def _statements(
    body: Sequence[ast.stmt], function: str, *, says_bool: bool
) -> Iterator[tuple[str, ast.stmt, bool]]:
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            returns = getattr(node, "returns", None)
            says = isinstance(returns, ast.Name) and returns.id == "bool"
            yield from _statements(node.body, f"{function}.{node.name}".lstrip("."), says_bool=says)
            continue
        text = ast.unparse(node)
        if isinstance(node, ast.Import | ast.ImportFrom | ast.Assert) or re.match(
            r"if TYPE_CHECKING|(log|logger|logging)\.", text
        ):
            continue
        if not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)):
            yield function, _bare(node), says_bool
        for part in (node, *getattr(node, "handlers", ()), *getattr(node, "cases", ())):
            for name in ("body", "orelse", "finalbody"):
                yield from _statements(getattr(part, name, ()), function, says_bool=says_bool)


def _bare(node: ast.stmt) -> ast.stmt:
    """A statement without those below it; its expressions keep their places in the file."""
    bare = copy.copy(node)
    for name in ("orelse", "finalbody", "handlers", "cases"):
        if hasattr(bare, name):
            setattr(bare, name, [])
    if hasattr(bare, "body"):
        bare.body = [ast.Pass()]
    return bare


def _text(node: ast.stmt) -> str:
    return ast.unparse(node).removesuffix("\n    pass")


class _Shape(ast.NodeTransformer):
    """Puts `_` in place of whatever is named outside the function, with the attributes that follow: `models.Review.id`."""

    def __init__(self, outside: set[str]) -> None:
        self.outside = outside

    def visit_Name(self, node: ast.Name) -> ast.Name:
        return ast.Name("_", node.ctx) if node.id in self.outside else node

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        root: ast.expr = node
        while isinstance(root, ast.Attribute):
            root = root.value
        hidden = isinstance(root, ast.Name) and root.id in self.outside
        return ast.Name("_", node.ctx) if hidden else self.generic_visit(node)


@dataclass(frozen=True)
class Site:
    """One fault that a statement may carry: its operator, its index among its like there, and what is written in a node's
    place. `part` is the expression at fault, empty for a number."""

    spot: Spot
    operator: str
    index: int
    node: ast.AST
    changed: str
    part: str


def sites_of(spot: Spot) -> Iterator[Site]:
    """The faults that a statement may carry."""
    counted: Counter[str] = Counter()
    for node in _nodes(spot.node):
        for operator, changed, part in _faults(node):
            yield Site(spot, operator, counted[operator], node, changed, part)
            counted[operator] += 1


def _nodes(node: ast.AST) -> Iterator[ast.AST]:
    """The node and those below it, in the order they are written; no f-strings, no annotations."""
    yield node
    left_out = node.annotation if isinstance(node, ast.AnnAssign) else None
    for child in ast.iter_child_nodes(node):
        if child is not left_out and not isinstance(child, ast.JoinedStr):
            yield from _nodes(child)


def _faults(node: ast.AST) -> Iterator[tuple[str, str, str]]:
    """The faults of a node: operator, what is written in its place, and the part that is at fault; none of a number, which
    says nothing alone."""
    text = ast.unparse
    match node:
        case ast.Compare(left, ops, comparators):
            for place, op in enumerate(ops):
                swapped = [*ops[:place], SWAPPED[type(op)](), *ops[place + 1 :]]
                pair = ast.Compare([left, *comparators][place], [op], [comparators[place]])
                yield "comparison", f"({text(ast.Compare(left, swapped, comparators))})", text(pair)
        case ast.BoolOp(op, values):
            yield "and/or", f"({text(ast.BoolOp(SWAPPED[type(op)](), values))})", text(node)
        case ast.UnaryOp(ast.Not(), operand):
            yield "not", f"({text(operand)})", text(node)
        case ast.Constant(int(value)) if not isinstance(value, bool):
            yield "integer+1", f"{value + 1}", ""
            yield "integer-1", f"({value - 1})", ""
        case ast.BinOp(left, ast.Add() | ast.Sub() as op, right) if not (_joins(left) or _joins(right)):
            yield "plus/minus", f"({text(ast.BinOp(left, SWAPPED[type(op)](), right))})", text(node)
        case ast.AugAssign(target, ast.Add() | ast.Sub() as op, value) if not _joins(value):
            yield "plus/minus", text(ast.AugAssign(target, SWAPPED[type(op)](), value)), text(node)
        case ast.Return(ast.expr() as result):
            yield "return", f"return not ({text(result)})", text(node)
        case ast.Expr(ast.Call()):
            yield "call", "pass", text(node)
        case ast.Call(ast.Attribute(query, "where") as called, arguments):
            for place, clause in enumerate(arguments):
                rest = [*arguments[:place], *arguments[place + 1 :]]
                yield "where", f"({text(ast.Call(called, rest, []) if rest else query)})", text(clause)


def _joins(node: ast.expr) -> bool:
    """Whether `+` beside this joins texts or lists: the fault would only be a TypeError."""
    return isinstance(node, ast.JoinedStr | ast.Tuple | ast.List) or isinstance(
        getattr(node, "value", None), str
    )


def planted(source: str, site: Site) -> str:
    """The source of a file with the fault in it."""
    node = site.node
    assert isinstance(node, ast.expr | ast.stmt)
    assert node.end_lineno
    assert node.end_col_offset is not None
    lines = source.encode().splitlines(keepends=True)
    before = b"".join(lines[: node.lineno - 1]) + lines[node.lineno - 1][: node.col_offset]
    after = lines[node.end_lineno - 1][node.end_col_offset :] + b"".join(lines[node.end_lineno :])
    return (before + site.changed.encode() + after).decode()
