"""Only governance makes an approved template, for exactly what was approved by somebody else."""

import ast
import datetime as dt
import pathlib

import msgspec
import pytest
from tests.flow import composing

import signalpost
from signalpost.govern import templates as govern
from signalpost.vocabulary import templates

NOON = dt.datetime(2025, 11, 5, 12, 0, tzinfo=dt.UTC)
CONTENT = composing.content()


def step(role: str, person: str) -> templates.SignOff:
    """A step of a review."""
    return templates.SignOff(content="release", role=role, person=person, at=NOON)


def approval(content: templates.Content = CONTENT, /, **changes: object) -> templates.Approval:
    """An approval by ben of what ann wrote, in force from noon."""
    usual = templates.Approval(
        content=content.digest(), author="ann", approver="ben", approved_at=NOON, effective_from=NOON
    )
    return msgspec.structs.replace(usual, **changes)


def test_what_was_approved_may_leave():
    assert govern.approved(CONTENT, approval=approval()).version == CONTENT.digest()


def test_another_content_may_not():
    with pytest.raises(templates.NotApprovedError, match="approved content is"):
        govern.approved(composing.content(title="Other"), approval=approval())


@pytest.mark.parametrize(
    "changes", [{"author": "ben"}, {"approver": "ann"}, {"sign_offs": (step("legal", "ann"), step("brand", "ben"))}]
)
def test_an_approval_by_its_author_approves_nothing(changes: dict[str, object]):
    with pytest.raises(templates.NotApprovedError, match="wanted an approver other than its author"):
        govern.approved(CONTENT, approval=approval(**changes))


SOURCE = pathlib.Path(signalpost.__file__).parent
ALLOWED = {SOURCE / "govern" / "templates.py", SOURCE / "vocabulary" / "templates.py"}


def makings(text: str) -> list[int]:
    """Lines on which a source text names `ApprovedTemplate` other than as the type of something.

    A call makes one; handing the class to something else (`decode`, `convert`, an alias) may make one.
    """
    tree = ast.parse(text)
    as_type: set[ast.AST] = set()
    for node in ast.walk(tree):
        match node:
            case ast.AnnAssign(annotation=annotation) | ast.arg(annotation=ast.expr() as annotation):
                as_type |= set(ast.walk(annotation))
            case ast.FunctionDef(returns=ast.expr() as annotation) | ast.MatchClass(cls=annotation):
                as_type |= set(ast.walk(annotation))
            case ast.Call(func=ast.Name(id="isinstance"), args=[_, kind]):
                as_type |= set(ast.walk(kind))
            case _:
                pass
    return [
        node.lineno
        for node in ast.walk(tree)
        if node not in as_type
        and (
            (isinstance(node, ast.Name) and node.id == "ApprovedTemplate")
            or (isinstance(node, ast.Attribute) and node.attr == "ApprovedTemplate")
        )
    ]


def test_only_governance_makes_an_approved_template():
    files = [path for path in SOURCE.rglob("*.py") if path not in ALLOWED]
    found = {str(path): lines for path in files if (lines := makings(path.read_text(encoding="utf-8")))}
    assert found == {}
    assert makings((SOURCE / "govern" / "templates.py").read_text(encoding="utf-8")) != []


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("x = templates.ApprovedTemplate(content=c)", [1]),
        ("from v.templates import ApprovedTemplate\nx = ApprovedTemplate(content=c)", [2]),
        ("x = decode(data, templates.ApprovedTemplate)", [1]),
        ("Made = templates.ApprovedTemplate", [1]),
        ("def f(x: templates.ApprovedTemplate) -> list[templates.ApprovedTemplate]: ...", []),
        ("x: templates.ApprovedTemplate | None = None", []),
        ("isinstance(x, templates.ApprovedTemplate)", []),
        ("match x:\n    case templates.ApprovedTemplate():\n        pass", []),
    ],
)
def test_the_reading_of_the_tree_finds_what_it_is_for(text: str, lines: list[int]):
    assert makings(text) == lines
