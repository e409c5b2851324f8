"""Keys: what is said of a key that many tables have, and of every other by the docstring of its class."""

import inspect
import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

EVERYWHERE: Mapping[str, str] = MappingProxyType(
    {
        "id": "`id` is the name by which documents and records know it; it never changes.",
        "title": "`title` is what people read, in Chinese, English or both.",
        "source": "`source` is where the text says so: one source or a list of them.",
        "fixed": "`fixed` keeps documents that extend this one from changing or dropping it, and what it holds.",
        "responsible": "`responsible` is who answers for it; of a list the first whose `when` holds.",
        "procedure": "`procedure` is the id of the procedure of which a case is opened where it fails.",
        "missing": "`missing` is as for the standard, for this alone.",
        "not_applicable": "`not_applicable` is as for the standard, for this alone.",
        "at_least": "`at_least` holds from this figure up, the figure included.",
        "more_than": "`more_than` holds above this figure.",
        "at_most": "`at_most` holds up to this figure, the figure included.",
        "less_than": "`less_than` holds below this figure.",
        "change": "`change` judges not the value but what it changed by: the value less the previous evaluation's.",
    }
)
"""What is said once, for every table whose class does not say more."""
OF_MEASURES: Mapping[str, str] = MappingProxyType(
    {"first": "`first` counts with `change` where there is no previous evaluation; without it the line does not apply."}
)
_SENTENCE = re.compile(r"(?<=[.;:])\s+(?=[`A-Z])")


def described(wanted: type[Any]) -> str:
    """The first paragraphs of a class's docstring: what it is, without what it raises and without examples."""
    text = inspect.cleandoc(wanted.__doc__ or "").partition("\n>>> ")[0]
    paragraphs = [" ".join(part.split()) for part in text.split("\n\n")]
    return re.sub(r"Raises \w+[^.]*\.", "", " ".join(part for part in paragraphs if part)).strip()


def sentences(wanted: type[Any]) -> list[str]:
    """What a class's docstring says, sentence by sentence."""
    return _SENTENCE.split(described(wanted))


def said_of(wanted: type[Any], name: str) -> str:
    """What is said of a field: the sentences of its class that name it, else those of a class above, else for all.

    >>> from civrules.model.source import Source
    >>> said_of(Source, "clause")
    '`clause` is the label as printed.'
    """
    for one in wanted.__mro__[:-1]:
        if found := [sentence for sentence in sentences(one) if f"`{name}`" in sentence]:
            return " ".join(found)
    alike = {**EVERYWHERE, **(OF_MEASURES if hasattr(wanted, "kind") else {})}
    return alike.get(name, "")
