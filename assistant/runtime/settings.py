"""Everything that can be set: from the environment (``CONGVU_…``) or a TOML file.

The environment wins over the file, the file over the defaults. ``Settings(...)`` itself reads
nothing from outside; ``Settings.load`` does.
"""

from __future__ import annotations

import difflib
import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, Self, get_args, get_origin

from pydantic import AfterValidator, Field, SecretStr, ValidationError
from pydantic.fields import FieldInfo
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from corpus.errors import BadInput

PREFIX = "CONGVU_"
CONFIG_VARIABLE = "CONGVU_CONFIG"
"""Environment variable that names the TOML file."""

Folder = Annotated[Path, AfterValidator(lambda path: path.expanduser())]
Url = Annotated[str, Field(pattern=r"^https?://[^\s/]+\S*$")]
_PATH_PATTERN = r"^(/[\w.~-]+)*$"
UrlPath = Annotated[str, Field(pattern=_PATH_PATTERN)]


@dataclass(frozen=True, slots=True)
class SettingInfo:
    """One row of the table of settings.

    Args:
        name: key in the TOML file.
        variable: environment variable.
        default: as shown to people.
        values: what is allowed, in Vietnamese.
        meaning: what it does, in Vietnamese.
    """

    name: str
    variable: str
    default: str
    values: str
    meaning: str


def _processors() -> int:
    return min(os.cpu_count() or 1, 256)


class Settings(BaseSettings):
    """The settings of one run; see each field's description."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_ignore_empty=True,
        extra="forbid",
        frozen=True,
        validate_default=True,
        protected_namespaces=(),
    )

    home: Folder = Field(
        Path("~/.local/share/congvu"),
        description="Thư mục dữ liệu: văn bản, chỉ mục, nhật ký (theo XDG_DATA_HOME nếu có).",
    )
    models: Folder = Field(
        Path("~/.cache/congvu/models"),
        description="Thư mục mô hình (theo XDG_CACHE_HOME nếu có).",
    )
    model_mirror: str | None = Field(
        None, description="Nơi có bản sao các mô hình: URL hoặc thư mục chứa <mô hình>/<tệp>."
    )
    hub: Url = Field("https://huggingface.co", description="Kho mô hình của nhà phát hành.")
    hub_token: SecretStr | None = Field(
        None, description="Mã truy cập kho, cho mô hình phải chấp nhận giấy phép trước."
    )
    llm: str = Field(
        "qwen2.5-coder-1.5b-instruct-q4_k_m",
        description="Mô hình ngôn ngữ chạy tại chỗ (xem `congvu models list`).",
    )
    llm_server: Url | None = Field(
        None, description="Máy chủ tương thích OpenAI dùng thay mô hình tại chỗ (…/v1)."
    )
    llm_server_key: SecretStr | None = Field(None, description="Khoá của máy chủ đó.")
    llm_server_kind: Literal["none", "llama.cpp"] = Field(
        "none",
        description="Máy chủ đó nhận thêm gì ngoài giao thức OpenAI (llama.cpp: văn phạm).",
    )
    llm_server_model: str | None = Field(None, description="Tên mô hình trên máy chủ đó.")
    embedder: str = Field(
        "embeddinggemma-300m", description="Mô hình nhúng (đổi thì phải lập lại chỉ mục)."
    )
    threads: int = Field(
        default_factory=_processors, ge=1, le=256, description="Số luồng tính toán."
    )
    queue_size: int = Field(
        8, ge=1, le=1024, description="Số câu hỏi được xếp hàng chờ mô hình ngôn ngữ."
    )
    question_max_chars: int = Field(
        2000, ge=10, le=20_000, description="Độ dài tối đa của câu hỏi, tính bằng ký tự."
    )
    answer_max_tokens: int = Field(
        256,
        ge=16,
        le=2048,
        description="Số token tối đa mô hình ngôn ngữ viết cho một câu trả lời.",
    )
    evidence_clauses: int = Field(
        12, ge=1, le=30, description="Số điều khoản được tìm làm căn cứ cho một câu hỏi."
    )
    lead: Literal["llm", "quote"] = Field(
        "llm",
        description="Câu mở đầu: llm = mô hình diễn đạt (có kiểm chứng), quote = chỉ trích.",
    )
    host: str = Field(
        "127.0.0.1",
        description="Địa chỉ mà `congvu serve` nghe; ngoài máy này thì luôn cần khoá truy cập.",
    )
    port: int = Field(8017, ge=0, le=65535, description="Cổng của `congvu serve` (0: tự chọn).")
    root_path: UrlPath = Field(
        "",
        description="Đường dẫn mà proxy đặt trước mọi địa chỉ, ví dụ /congvu.",
    )
    trusted_proxies: str = Field(
        "127.0.0.1",
        description="Địa chỉ IP của các proxy được tin, cách nhau bằng dấu phẩy.",
    )
    require_keys: bool = Field(
        False, description="Đòi khoá truy cập cả khi gọi từ chính máy này (true hoặc false)."
    )
    cors_origins: str = Field(
        "",
        description="Các trang được gọi API từ trình duyệt, cách nhau bằng dấu phẩy"
        " (https://cong.gov.vn).",
    )
    questions_per_minute: int = Field(
        60, ge=1, le=100_000, description="Số yêu cầu mỗi phút của một khoá không đặt riêng."
    )
    parallel_questions: int = Field(
        12, ge=1, le=64, description="Số câu hỏi được trả lời cùng lúc khi phục vụ nhiều người."
    )
    answer_seconds: int = Field(
        60, ge=1, le=3600, description="Số giây tối đa cho một câu trả lời qua mạng."
    )
    upload_max_mb: int = Field(
        10, ge=1, le=20, description="Kích thước tối đa của một tệp tải lên, tính bằng MB."
    )
    scan_pages: int = Field(
        200, ge=1, le=5000, description="Số trang quét tối đa của một tệp được nhận dạng chữ."
    )
    office_converter: Path | None = Field(
        None, description="Chương trình LibreOffice đổi .doc sang .docx; không đặt thì tìm sẵn."
    )
    answer_cache: int = Field(
        256, ge=0, le=100_000, description="Số câu trả lời gần nhất được nhớ để trả lại ngay."
    )
    audit_months: int = Field(
        12, ge=1, le=1200, description="Số tháng lưu nhật ký kiểm toán và lịch sử hỏi đáp."
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Let the constructor read nothing but its arguments."""
        return (init_settings,)

    @classmethod
    def load(cls, environ: Mapping[str, str] | None = None, config: Path | None = None) -> Self:
        """Read the settings.

        Args:
            environ: the environment, or None for this process's own.
            config: the TOML file; else ``CONGVU_CONFIG`` names it; else it is ``congvu.toml``
                in the home folder, which need not exist.

        Raises:
            BadInput: a file that was named is not there or no TOML, a key is unknown, or a value
                is not allowed; the message names the key, the value and the remedy.
        """
        given = _Given.read(cls, os.environ if environ is None else environ, config)
        try:
            return cls(**(given.base | given.file | given.environ))
        except ValidationError as error:
            raise _bad_setting(cls, error.errors()[0], given.environ, given.path) from error

    def replaced(self, **values: object) -> Self:
        """Return the settings with some of them set anew, as by options of a command.

        Raises:
            BadInput: a value is not allowed.
        """
        kept = {name: getattr(self, name) for name in type(self).model_fields}
        try:
            return type(self)(**(kept | values))
        except ValidationError as error:
            wrong = error.errors()[0]
            name = str(wrong["loc"][0])
            allowed = _allowed(type(self).model_fields[name])
            raise BadInput(
                f"--{name} {wrong['input']} không dùng được: phải là {allowed}.",
                "Hãy sửa tùy chọn đó, hoặc bỏ đi để dùng giá trị trong thiết lập.",
            ) from error

    @classmethod
    def origins(
        cls, environ: Mapping[str, str] | None = None, config: Path | None = None
    ) -> dict[str, str]:
        """Return where each setting comes from, in Vietnamese; arguments as for ``load``."""
        given = _Given.read(cls, os.environ if environ is None else environ, config)
        origins = dict.fromkeys(cls.model_fields, "mặc định")
        origins |= dict.fromkeys(given.base, "thư mục XDG")
        origins |= dict.fromkeys(given.file, str(given.path))
        return origins | {name: _variable(name) for name in given.environ}

    @classmethod
    def describe(cls) -> tuple[SettingInfo, ...]:
        """Return the table of all settings, for the documentation and ``congvu doctor``."""
        return tuple(
            SettingInfo(
                name=name,
                variable=_variable(name),
                default=_shown_default(field),
                values=_allowed(field),
                meaning=field.description or "",
            )
            for name, field in cls.model_fields.items()
        )

    def redacted(self) -> dict[str, str]:
        """Return every setting as text, with secrets hidden; unset ones are ``""``."""
        values = {name: getattr(self, name) for name in type(self).model_fields}
        return {
            # A URL may carry a password too: https://user:password@host/.
            name: "" if value is None else re.sub(r"//[^/@\s]+@", "//***@", str(value))
            for name, value in values.items()
        }


@dataclass(frozen=True, slots=True)
class _Given:
    """What was set outside, by where; each wins over those before it.

    Args:
        base: folders by the XDG rules.
        file: from the TOML file.
        environ: from environment variables.
        path: the TOML file, which need not exist.
    """

    base: dict[str, Any]
    file: dict[str, Any]
    environ: dict[str, Any]
    path: Path

    @classmethod
    def read(
        cls, settings: type[Settings], environ: Mapping[str, str], config: Path | None
    ) -> _Given:
        from_environ = _Environment(settings, environ)()
        base = {
            "home": _xdg(environ, "XDG_DATA_HOME", "congvu"),
            "models": _xdg(environ, "XDG_CACHE_HOME", "congvu/models"),
        }
        base = {key: value for key, value in base.items() if value}
        named = config or (Path(environ[CONFIG_VARIABLE]) if environ.get(CONFIG_VARIABLE) else None)
        home = Path((base | from_environ).get("home", settings.model_fields["home"].default))
        path = (named or home / "congvu.toml").expanduser()
        from_file = _read_toml(path) if named or path.is_file() else {}
        return cls(base, from_file, from_environ, path)


class _Environment(EnvSettingsSource):
    """The environment that was handed in, not necessarily the process's own."""

    def __init__(self, settings: type[BaseSettings], environ: Mapping[str, str]) -> None:
        self._environ = environ
        super().__init__(settings)

    def _load_env_vars(self) -> Mapping[str, str | None]:
        return {key.lower(): value for key, value in self._environ.items() if value}


def _variable(name: str) -> str:
    return f"{PREFIX}{name.upper()}"


def _xdg(environ: Mapping[str, str], variable: str, below: str) -> str | None:
    # The XDG specification says that a relative path is to be ignored.
    base = environ.get(variable, "")
    return str(Path(base) / below) if Path(base).is_absolute() else None


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise BadInput(
            f"Không đọc được tệp thiết lập {path}: {error.strerror}.",
            f"Hãy tạo tệp đó hoặc sửa biến môi trường {CONFIG_VARIABLE}.",
        ) from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadInput(
            f"Tệp thiết lập {path} không phải TOML hợp lệ: {error}.",
            'Hãy sửa tệp; mỗi dòng có dạng `tên = giá trị`, chữ để trong dấu "…".',
        ) from error


def _bad_setting(
    settings: type[Settings], error: Mapping[str, Any], from_environ: Mapping[str, Any], path: Path
) -> BadInput:
    name = str(error["loc"][0]) if error["loc"] else ""
    field = settings.model_fields.get(name)
    if field is None:
        close = difflib.get_close_matches(name, settings.model_fields, n=1)
        return BadInput(
            f"Không có thiết lập nào tên là {name} (= {error['input']!r}) trong {path}.",
            f"Có phải là {close[0]}?" if close else "Hãy xoá dòng đó khỏi tệp.",
        )
    where = _variable(name) if name in from_environ else name
    source = f"biến môi trường {where}" if name in from_environ else f"dòng {name} trong {path}"
    value = "***" if _is_secret(field) else repr(error["input"])
    return BadInput(
        f"Thiết lập {where} = {value} không dùng được: phải là {_allowed(field)}.",
        f"Hãy sửa {source}, hoặc bỏ đi để dùng mặc định ({_shown_default(field)}).",
    )


def _is_secret(field: FieldInfo) -> bool:
    return SecretStr in (field.annotation, *get_args(field.annotation))


def _shown_default(field: FieldInfo) -> str:
    if field.default_factory is _processors:
        return "số nhân của máy"
    if isinstance(field.default, bool):
        return str(field.default).lower()
    return "không đặt" if field.default in {None, ""} else str(field.default)


_PLAIN: Mapping[object, str] = {Path: "đường dẫn", bool: "true hoặc false"}


def _allowed(field: FieldInfo) -> str:
    kind = field.annotation
    kinds = [kind, *get_args(kind)]
    if plain := next((_PLAIN[one] for one in kinds if one in _PLAIN), ""):
        return plain
    if get_origin(kind) is Literal:
        return " hoặc ".join(str(value) for value in get_args(kind))
    if kind in {int, float}:
        low = next(part.ge for part in field.metadata if hasattr(part, "ge"))
        high = next(part.le for part in field.metadata if hasattr(part, "le"))
        return f"{'số nguyên' if kind is int else 'số'} từ {low} đến {high}"
    if any(getattr(part, "pattern", "") == _PATH_PATTERN for part in field.metadata):
        return "phần đường dẫn của URL, bắt đầu bằng /"
    if any("http" in str(part) for part in (*kinds, *field.metadata)):
        return "địa chỉ http:// hoặc https://"
    return "chuỗi bí mật" if _is_secret(field) else "chuỗi ký tự"
