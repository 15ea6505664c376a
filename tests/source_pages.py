"""The book's pages as their authors wrote them, taken apart by MyST's own parser."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from myst_parser.config.main import MdParserConfig
from myst_parser.parsers.mdit import create_md_parser

from aibook_sphinx.glossary import Entry, read_entries

BOOK = Path(__file__).parents[1] / "book"
LANGUAGES = ("ko", "en")
# Parts whose pages are not chapters.
NO_CHAPTERS = ("start", "reference")

# What MyST finds inside is text like that around the directive.
_TEXT_DIRECTIVES = {
    *(
        "admonition",
        "caution",
        "dropdown",
        "exercise",
        "figure",
        "glue:figure",
    ),
    *(
        "hint",
        "important",
        "note",
        "seealso",
        "solution",
        "table",
        "tip",
        "warning",
        "widget",
    ),
}
_NAME = re.compile(r"\{([\w:.-]+)\}(.*)", re.DOTALL)
_TEX_TEXT = re.compile(r"\\(?:text|textrm|textbf|textit|mbox)\{[^{}]*\}")


@dataclass(frozen=True)
class Directive:
    """A directive: its name, argument, options and body, and its first line."""

    name: str
    argument: str
    options: dict[str, str]
    body: str
    line: int
    body_offset: int


def calls(code: str) -> set[str]:
    """Return the names of the functions that code calls when it runs.

    That includes what its own functions call, if it calls these; what it defines
    and does not call is left out.
    """
    tree = ast.parse(code)
    own = {n.name: n for n in tree.body if isinstance(n, ast.FunctionDef)}
    found: set[str] = set()
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.FunctionDef | ast.Lambda):
            continue
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            name = node.func.id
            if name in own and name not in found:
                waiting += own[name].body
            found.add(name)
        waiting += ast.iter_child_nodes(node)
    return found


@dataclass(frozen=True)
class Role:
    """A role, such as ``{cite:p}`bishop2006` ``."""

    name: str
    content: str

    @property
    def target(self) -> str:
        """Return what a reference leads to: ``b`` of ``a<b>``."""
        match = re.fullmatch(r".*<(.*)>", self.content, re.DOTALL)
        return match[1] if match else self.content


@dataclass(frozen=True)
class Heading:
    """A heading with the explicit label before it, if it has one."""

    level: int
    label: str | None
    text: str
    line: int


@dataclass
class Section:
    """What stands between a heading and the next."""

    heading: Heading | None
    directives: list[Directive] = field(default_factory=list)
    roles: list[Role] = field(default_factory=list)
    equations: list[tuple[str, str]] = field(default_factory=list)
    text: list[str] = field(default_factory=list)
    table_text: list[str] = field(default_factory=list)
    num_items: int = 0

    @property
    def name(self) -> str:
        """Return the section's label."""
        label = self.heading.label if self.heading else None
        return label or "(before the first heading)"

    def named(self, *names: str) -> list[Directive]:
        """Return the directives that have one of these names."""
        return [d for d in self.directives if d.name in names]

    def citations(self) -> Counter[str]:
        """Return how often each work is cited."""
        return Counter(
            key.strip()
            for role in self.roles
            if role.name.startswith("cite")
            for key in role.content.split(",")
        )

    def placed(self) -> list[str]:
        """Return the placed results, with their format: ``accuracy:.2f``."""
        roles = [r.content for r in self.roles if r.name.startswith("glue:")]
        directives = [
            d.argument for d in self.directives if d.name.startswith("glue:")
        ]
        shown = [
            d.options["data"]
            for d in self.named("widget")
            if "data" in d.options
        ]
        return roles + directives + shown


def _plain(token: Token) -> str:
    """Return the text of an inline token without code and formulas."""
    parts = []
    for child in token.children or []:
        if child.type in {"text", "softbreak", "hardbreak"}:
            parts.append(child.content or " ")
        elif child.type in {"code_inline", "math_inline", "myst_role"}:
            parts.append("\N{OBJECT REPLACEMENT CHARACTER}")
    return "".join(parts)


def normal_tex(tex: str) -> str:
    r"""Return TeX without what languages write differently.

    That is the content of ``\text{}``, white space, and a full stop or comma at
    the end.
    """
    plain = _TEX_TEXT.sub(r"\\text{}", tex)
    plain = re.sub(r"\s+", " ", plain).strip()
    return re.sub(r"(\\[ ,;:!]|[\s.,;])+$", "", plain)


class Page:
    """A page's source.

    Parameters
    ----------
    language
        ``ko`` or ``en``.
    name
        Its path without suffix, from the language's folder.
    """

    def __init__(self, language: str, name: str) -> None:
        self.language = language
        self.name = name
        self.path = BOOK / language / f"{name}.md"
        self.source = self.path.read_text(encoding="utf-8")
        self.sections: list[Section] = []
        self._walk(self.source, 0, nested=False)

    @property
    def where(self) -> str:
        """Return what messages call the page."""
        return self.path.relative_to(BOOK.parent).as_posix()

    def __repr__(self) -> str:
        return self.where

    @property
    def headings(self) -> list[Heading]:
        """Return the page's headings in their order."""
        return [s.heading for s in self.sections if s.heading]

    def named(self, *names: str) -> list[Directive]:
        """Return the page's directives that have one of these names."""
        return [d for section in self.sections for d in section.named(*names)]

    @property
    def cells(self) -> list[Directive]:
        """Return the code cells."""
        return self.named("code-cell")

    def section(self, suffix: str) -> Section | None:
        """Return the section whose label ends in `suffix`."""
        found = [
            s
            for s in self.sections
            if s.heading and (s.heading.label or "").endswith(suffix)
        ]
        return found[0] if found else None

    def paragraphs(self, *, tables: bool = True) -> Iterator[tuple[str, str]]:
        """Yield each piece of text with the label of its section."""
        for section in self.sections:
            for text in section.text + (section.table_text if tables else []):
                yield section.name, text

    def _current(self) -> Section:
        if not self.sections:
            self.sections.append(Section(None))
        return self.sections[-1]

    def _walk(self, text: str, offset: int, *, nested: bool) -> None:
        label = None
        in_heading = None
        in_table = False
        for token in _parser().parse(text):
            line = (token.map[0] if token.map else 0) + offset + 1
            if token.type == "myst_target":
                label = token.content
                continue
            if token.type == "heading_open" and not nested:
                in_heading = (int(token.tag[1]), label, line)
            elif token.type == "inline":
                if in_heading:
                    level, own, at = in_heading
                    heading = Heading(level, own, token.content, at)
                    self.sections.append(Section(heading))
                    in_heading = None
                self._inline(token, in_table=in_table)
            elif token.type in {"table_open", "table_close"}:
                in_table = token.type == "table_open"
            elif token.type in {"fence", "colon_fence"}:
                self._directive(token, line)
            elif token.type in {"math_block", "math_block_label", "amsmath"}:
                self._current().equations.append((token.info, token.content))
            elif token.type == "list_item_open" and not nested:
                self._current().num_items += 1
            label = None

    def _inline(self, token: Token, *, in_table: bool) -> None:
        section = self._current()
        (section.table_text if in_table else section.text).append(
            _plain(token)
        )
        for child in token.children or []:
            if child.type == "myst_role":
                section.roles.append(Role(child.meta["name"], child.content))
            elif child.type in {"math_inline_double", "math_block_label"}:
                section.equations.append((child.info, child.content))

    def _directive(self, token: Token, line: int) -> None:
        match = _NAME.fullmatch(token.info.strip())
        if not match:
            return
        name, argument = match[1], match[2].strip()
        options, body, offset = _split(token.content)
        section = self._current()
        directive = Directive(name, argument, options, body, line, offset)
        section.directives.append(directive)
        if name == "math":
            section.equations.append((options.get("label", ""), body))
        elif name in _TEXT_DIRECTIVES:
            if argument and not name.startswith("glue:"):
                self._walk(argument, line - 1, nested=True)
            self._walk(body, line + offset, nested=True)
        elif name == "glossary":
            for entry in read_entries(body.splitlines(), self.language):
                text = "\n".join(entry.definition)
                at = line + offset + entry.line + entry.offset
                self._walk(text, at, nested=True)


def _split(content: str) -> tuple[dict[str, str], str, int]:
    """Split a directive's content into options, body, and the body's first line."""
    lines = content.split("\n")
    options: dict[str, str] = {}
    at = 0
    if lines and lines[0].strip() == "---":
        at = (
            next(
                (n for n, x in enumerate(lines[1:], 1) if x.strip() == "---"),
                0,
            )
            + 1
        )
        options = _yaml(lines[1 : at - 1])
    else:
        while at < len(lines) and re.match(r":[\w-]+:", lines[at]):
            key, _, value = lines[at][1:].partition(":")
            options[key] = value.strip()
            at += 1
    while at < len(lines) and not lines[at].strip():
        at += 1
    return options, "\n".join(lines[at:]).rstrip("\n"), at


def _yaml(lines: list[str]) -> dict[str, str]:
    pairs = (line.partition(":") for line in lines if ":" in line)
    return {key.strip(): value.strip() for key, _, value in pairs}


@cache
def _parser():
    extensions = {"amsmath", "colon_fence", "deflist", "dollarmath"}
    config = MdParserConfig(
        enable_extensions=extensions, dmath_double_inline=True
    )
    return create_md_parser(config, RendererHTML)


def names(language: str) -> list[str]:
    """Return the names of a language's pages."""
    folder = BOOK / language
    return sorted(
        path.relative_to(folder).with_suffix("").as_posix()
        for path in folder.rglob("*.md")
    )


@cache
def load(language: str, name: str) -> Page:
    """Return a page, parsed once."""
    return Page(language, name)


@cache
def glossary(language: str) -> dict[str, Entry]:
    """Return the entries of a language's glossary by their keys."""
    [directive] = load(language, "reference/glossary").named("glossary")
    entries = read_entries(directive.body.splitlines(), language)
    return {entry.key: entry for entry in entries}


def all_pages() -> list[Page]:
    """Return every page of both languages."""
    return [
        load(language, name)
        for language in LANGUAGES
        for name in names(language)
    ]


def is_chapter(page: Page) -> bool:
    """Return whether the page must have the parts of a chapter."""
    return bool(page.cells) and page.name.split("/")[0] not in NO_CHAPTERS


def _pattern(name: ast.expr) -> str | None:
    """Return a pattern of the names that an expression may give, or None."""
    match name:
        case ast.Constant(value=str(text)):
            return re.escape(text)
        case ast.JoinedStr(values=parts):
            return "".join(_pattern(part) or r"[a-z0-9-]+" for part in parts)
    return None


def stored(page: Page, function: str) -> list[str]:
    """Return patterns of the names under which cells store figures or numbers.

    A pattern is the name itself, unless that is an f-string.

    Raises
    ------
    ValueError
        A name is neither a literal nor an f-string.
    """
    found = []
    for cell in page.cells:
        for node in ast.walk(ast.parse(cell.body)):
            match node:
                case ast.Call(func=ast.Name(id=name), args=[first, *_]) if (
                    name == function
                ):
                    pattern = _pattern(first)
                    if pattern is None:
                        raise ValueError(
                            f"{page}:{cell.line}: {ast.unparse(node)}"
                        )
                    found.append(pattern)
    return found
