"""A Word template with its fields filled in; a wrong template names the field that is wrong."""

from __future__ import annotations

import re
import zipfile
from datetime import UTC, datetime
from importlib import resources
from pathlib import Path
from typing import Any

import docx.opc.exceptions
import jinja2
import jinja2.sandbox
from docx.opc.coreprops import CoreProperties
from docxtpl import DocxTemplate
from lxml import etree

from models.errors import BadTemplate
from models.files import replaced
from summarize.ruling import fit_rules

LARGEST = 64 << 20
"""Bytes of a template when unpacked; more was made to fill the memory."""

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def fill(name: str, own: Path | None, fields: dict[str, Any], to: Path) -> None:
    """Writes the paper to `to` from the template of this name, or from the clerk's `own` one.

    What stood there stays until the new file is whole. Raises BadTemplate (not_docx,
    unknown_field, broken_field) for a template that cannot be filled.
    """
    if own is not None:
        _write(own, clean(fields), to)
        return
    with resources.as_file(resources.files("summarize.templates") / name) as built_in:
        _write(built_in, clean(fields), to)


def clean(value: Any) -> Any:
    """The same fields without the control signs that XML cannot hold."""
    if isinstance(value, str):
        return _NOT_XML.sub("", value)
    if isinstance(value, dict):
        return {key: clean(item) for key, item in value.items()}
    if isinstance(value, list):
        return [clean(item) for item in value]
    return value


def _write(template: Path, fields: dict[str, Any], to: Path) -> None:
    environment = jinja2.sandbox.SandboxedEnvironment(undefined=jinja2.StrictUndefined, autoescape=True)
    to.parent.mkdir(parents=True, exist_ok=True)
    try:
        _refuse_bomb(template)
        paper = DocxTemplate(str(template))
        paper.render(fields, environment)
        fit_rules(paper.docx)
        _nobody(paper.docx.core_properties)
        with replaced(to) as temporary:
            paper.save(str(temporary))
    except (docx.opc.exceptions.PackageNotFoundError, zipfile.BadZipFile, etree.XMLSyntaxError, KeyError,
            ValueError) as error:
        raise BadTemplate(template, "not_docx") from error
    except jinja2.UndefinedError as error:
        raise BadTemplate(template, "unknown_field", _quoted(str(error))) from error
    except jinja2.TemplateError as error:
        raise BadTemplate(template, "broken_field", str(error)) from error


def _nobody(about: CoreProperties) -> None:
    """Who wrote a clerk's template in Word, and when, is no part of a paper."""
    about.author = about.last_modified_by = about.comments = about.keywords = about.subject = ""
    about.created = about.modified = datetime.now(UTC)


def _refuse_bomb(template: Path) -> None:
    with zipfile.ZipFile(template) as archive:
        if sum(info.file_size for info in archive.infolist()) > LARGEST:
            raise ValueError(template)


def _quoted(message: str) -> str:
    """The name in quotes in jinja's message, the last one: "'x' is undefined", "… has no attribute 'x'"."""
    found = re.findall(r"'([^']+)'", message)
    return found[-1] if found else message
